Option Explicit

' In place of xlwings: a server that counts its calls, answers with all that it saw, and dies when told to.

Private Server As Peer
Private Calls As String
Private Deaths As Long
Private Fresh As Boolean
Private Callers As Long
Private Choices As Long
Private Answers As String
Private Seen As String

Function XLPy() As Object
    If Server Is Nothing Then Set Server = New Peer
    Set XLPy = Server
End Function

Sub KillPy()
    Calls = Calls & " kill"
End Sub

Function PeerAnswer(name As String, arguments As Variant)
    Dim among As Variant, cell As Variant, i As Long, seen As String, all() As Variant
    Calls = Calls & " " & name
    If Deaths > 0 Then
        Deaths = Deaths - 1
        Err.Raise 462, , "the server is gone"
    End If
    If name = "pressed" Then
        PeerAnswer = PeerSays(CStr(arguments(0)), CStr(arguments(1)))
        Exit Function
    End If
    If name <> "column" Then
        PeerAnswer = "one by one"
        Exit Function
    End If
    Set among = arguments(5)
    For Each cell In among.Cells
        seen = seen & "," & CStr(cell.Value)
    Next cell
    ReDim all(among.Rows.Count - 1, 0)
    For i = 0 To among.Rows.Count - 1
        all(i, 0) = arguments(0) & i & seen
    Next i
    PeerAnswer = all
End Function

Function PeerCaller() As Object
    ' The cell that asks: always the same, or another one each time.
    If Fresh Then Callers = Callers + 1
    Set PeerCaller = ThisWorkbook.Worksheets("words").Cells(Callers + 1, 30)
End Function

Function PEER_CALLS(tag)
    PEER_CALLS = Trim(Calls)
    Calls = ""
End Function

Function PEER_DIES(times)
    Deaths = times
End Function

Function PEER_FRESH(so)
    Fresh = (so = 1)
End Function

Function PEER_CALCULATED(tag)
    TieraddinForget
    TieraddinRested
End Function

Function GetConfig(key As String, Optional other As String = "", Optional source As String = "") As Variant
    GetConfig = "zh"
End Function

Function GetConfigFilePath() As String
End Function

Sub SaveConfigToFile(file As String, key As String, value As String)
End Sub

Function WScript() As Object
    Set WScript = XLPy()
End Function

Function PEER_PRESS(button, many, typed)
    ' What a person sees of a button who types the numbers in typed one after the other: x leaves a question.
    Choices = many
    Answers = typed
    Seen = ""
    Told CStr(button), ""
    PEER_PRESS = Seen
End Function

Private Function PeerSays(button As String, given As String) As Variant
    ' A choice, then a folder, then what was answered.
    Dim row() As Variant, i As Long, lines As Long
    If given <> "" Then lines = 1 + Len(given) - Len(Replace(given, vbLf, ""))
    If lines = 0 Then
        ReDim row(1 + 2 * Choices)
        row(0) = "choice"
        row(1) = "Which?"
        For i = 1 To Choices
            row(2 * i) = "id" & i
            row(2 * i + 1) = "Name of the choice number " & i
        Next i
        PeerSays = row
    ElseIf lines = 1 And button = "both" Then
        PeerSays = Array("folder", "Where?")
    Else
        PeerSays = "did " & button & " " & Replace(given, vbLf, "/")
    End If
End Function

Function PeerTyped(words As String) As Variant
    Seen = Seen & "[" & words & "]"
    PeerTyped = PeerNext()
    If PeerTyped = "x" Then PeerTyped = False Else PeerTyped = CDbl(PeerTyped)
End Function

Function PeerPicks(words As String) As Boolean
    Seen = Seen & "{" & words & "}"
    PeerPicks = (PeerNext() <> "x")
End Function

Function PeerPopped(words As String)
    Seen = Seen & words
End Function

Private Function PeerNext() As String
    PeerNext = Split(Answers, ",")(0)
    Answers = Mid(Answers, Len(PeerNext) + 2)
End Function
