Option Explicit

' In place of xlwings: a server that counts its calls, answers with all that it saw, and dies when told to.

Private Server As Peer
Private Calls As String
Private Deaths As Long
Private Fresh As Boolean
Private Callers As Long

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
End Function
