Option Explicit

' What Python asks before it acts. A question is a row: its kind and its text, then for each choice what stands for it
' and what it is called.

Private Const FOLDER_PICKER As Long = 4
Private Const A_NUMBER As Long = 1
Private Const LONGEST As Long = 255 ' characters that an InputBox of Excel takes
Private Const LONGEST_CHOICE As Long = 80

Public Function TieraddinAsked(question As Variant) As String
    ' What the person says; nothing where they leave the question.
    Dim start As Long
    start = LBound(question)
    If question(start) = "folder" Then
        TieraddinAsked = PickedFolder(CStr(question(start + 1)))
    Else
        TieraddinAsked = Picked(question, start)
    End If
End Function

Private Function Picked(question As Variant, start As Long) As String
    ' One of the choices by its number; a number that is none of theirs turns to the choices not yet shown.
    Dim many As Long, first As Long, after As Long, typed As Variant, words As String
    many = (UBound(question) - start - 1) \ 2
    first = 1
    Do While True
        words = Page(question, start, many, first, after)
        typed = TypedNumber(words)
        If VarType(typed) = vbBoolean Then Exit Function
        If typed >= 1 And typed <= many And typed = Int(typed) Then
            Picked = question(start + 2 * typed)
            Exit Function
        End If
        first = after
        If first > many Then first = 1
    Loop
End Function

Private Function Page(question As Variant, start As Long, many As Long, first As Long, ByRef after As Long) As String
    ' The question with as many numbered choices as an InputBox has room for; the first one of the next page.
    Dim one As String, others As String
    Page = question(start + 1)
    others = vbLf & TieraddinSay("others")
    after = first
    Do While after <= many
        one = vbLf & after & "  " & Left$(question(start + 2 * after + 1), LONGEST_CHOICE)
        If after > first And Len(Page & one & others) > LONGEST Then Exit Do
        Page = Page & one
        after = after + 1
    Loop
    If first > 1 Or after <= many Then Page = Page & others
End Function

Private Function TypedNumber(words As String) As Variant
    TypedNumber = Application.InputBox(Prompt:=words, Title:="tieraddin", Type:=A_NUMBER)
End Function

Private Function PickedFolder(words As String) As String
    With Application.FileDialog(FOLDER_PICKER)
        .Title = words
        If .Show Then PickedFolder = .SelectedItems(1)
    End With
End Function
