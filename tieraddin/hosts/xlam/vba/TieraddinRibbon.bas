Option Explicit

' What the buttons of the ribbon do.

Private Ribbon As IRibbonUI

Public Sub TieraddinRibbonLoaded(shown As IRibbonUI)
    Set Ribbon = shown
End Sub

Public Sub TieraddinLabel(control As IRibbonControl, ByRef words)
    words = TieraddinSay("label_" & control.ID)
End Sub

Public Sub TieraddinTip(control As IRibbonControl, ByRef words)
    words = TieraddinSay("tip_" & control.ID)
End Sub

Public Sub TieraddinPress(control As IRibbonControl)
    ' What Python does with the workbook before the person, and says of it.
    If HasWorkbook() Then Told control.ID, ""
End Sub

Public Sub TieraddinStart(control As IRibbonControl)
    ' What Python does without a workbook.
    Told control.ID, ""
End Sub

Public Sub TieraddinModelCount(control As IRibbonControl, ByRef many)
    many = ThisWorkbook.Worksheets("models").UsedRange.Rows.Count
End Sub

Public Sub TieraddinModelName(control As IRibbonControl, at As Integer, ByRef words)
    words = ThisWorkbook.Worksheets("models").Cells(at + 1, SpokenColumn(2)).Value
End Sub

Public Sub TieraddinModelShown(control As IRibbonControl, ByRef at)
    ' The model that the workbook remembers: its hidden sheet has it in the row of run 0.
    Dim kept As Variant, found As Variant
    at = 0
    On Error GoTo none
    With ActiveWorkbook.Worksheets("Tier restore")
        kept = Application.Match(0, .Columns(1), 0)
        If IsError(kept) Then Exit Sub
        found = Application.Match(.Cells(kept, 3).Value, ThisWorkbook.Worksheets("models").Columns(1), 0)
    End With
    If Not IsError(found) Then at = found - 1
none:
End Sub

Public Sub TieraddinPick(control As IRibbonControl, id As String, at As Integer)
    If at > 0 And HasWorkbook() Then Told control.ID, ThisWorkbook.Worksheets("models").Cells(at + 1, 1).Value
    TieraddinRenewRibbon
End Sub

Public Sub TieraddinRenewRibbon()
    If Not Ribbon Is Nothing Then Ribbon.Invalidate
End Sub

Private Function HasWorkbook() As Boolean
    HasWorkbook = Not ActiveWorkbook Is Nothing
    If Not HasWorkbook Then Tell TieraddinSay("no_workbook")
End Function

Private Sub Told(button As String, detail As String)
    ' What Python says; as long as that is a question, the same button again with the answer added, a line each.
    Dim said As Variant, given As String, answer As String
    On Error GoTo failed
    TieraddinRested
    given = detail
    said = TieraddinPressed(button, given)
    Do While IsArray(said)
        answer = TieraddinAsked(said)
        If answer = "" Then Exit Sub
        If given <> "" Then given = given & vbLf
        given = given & answer
        said = TieraddinPressed(button, given)
    Loop
    If said <> "" Then Tell CStr(said)
    Exit Sub
failed:
    Tell TieraddinSay("no_server", Err.Description)
End Sub

Public Sub TieraddinHelp(control As IRibbonControl)
    ' The functions with their arguments, in a workbook of their own.
    ThisWorkbook.Worksheets("help").Copy ' the columns 3 and 4 are in two languages
    ActiveWorkbook.Worksheets(1).Columns(7 - SpokenColumn(3)).Delete
    ActiveWorkbook.Saved = True
End Sub

Public Sub TieraddinDoctor(control As IRibbonControl)
    ' Whether Python answers, and what was wrong in cells since last asked.
    Dim faults As Variant, fault As Variant, told As String
    On Error GoTo failed
    TieraddinRested
    faults = TieraddinFaults()
    told = TieraddinSay("answers", TIERADDIN_VERSION())
    If IsArray(faults) Then
        For Each fault In faults
            told = told & vbLf & fault
        Next fault
    ElseIf faults <> "" Then
        told = told & vbLf & faults
    End If
    Tell told
    Exit Sub
failed:
    Tell TieraddinSay("no_server", Err.Description)
End Sub

Public Sub TieraddinSwitchLanguage(control As IRibbonControl)
    TieraddinSpeak IIf(TieraddinLanguage() = "zh", "en", "zh")
    TieraddinDescribe
    TieraddinRenewRibbon
    Tell TieraddinSay("speaks")
End Sub

Private Sub Tell(words As String)
    ' MsgBox on Windows shows the letters of one country only.
    #If Mac Then
        MsgBox words
    #Else
        WScript.Popup words, 0, "tieraddin"
    #End If
End Sub
