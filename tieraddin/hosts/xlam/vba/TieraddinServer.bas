Option Explicit

' What is asked of Python: of the COM server that xlwings starts, which is restarted once where it has died.

Private Const CALLS As String = "tieraddin.hosts.excel.calls"
Private Const MACROS As String = "tieraddin.hosts.excel.macros"
Private Const SECONDS_BROKEN As Double = 10

Public TieraddinCommand As String
Public TieraddinLoaded As Boolean

Private Restarted As Boolean
Private Fault As String
Private FaultAt As Double

Public Function TieraddinColumn(arguments As Variant) As Variant
    TieraddinColumn = XLPy.CallUDF(CALLS, "column", arguments, ActiveWorkbook, Application.Caller)
End Function

Public Function TieraddinFaults() As Variant
    TieraddinFaults = XLPy.CallUDF(CALLS, "faults", Array(), ActiveWorkbook, Application.Caller)
End Function

Public Function TieraddinPressed(button As String, detail As String) As Variant
    ' What Python says of a button: a sentence, nothing where it shows a workbook, or a question (a row).
    Dim book As Workbook
    Set book = ActiveWorkbook
    If book Is Nothing Then Set book = ThisWorkbook ' Python asks it for Excel only
    TieraddinPressed = XLPy.CallUDF(MACROS, "pressed", Array(button, detail), book, Application.Caller)
End Function

Public Sub TieraddinRested()
    ' Excel has calculated: a server that fails in the next calculation is restarted again.
    Restarted = False
    Fault = ""
End Sub

Public Function TieraddinBroken() As Boolean
    ' Whether Python has just failed twice: to try it anew for each cell would hold Excel up for minutes.
    If Fault <> "" And Abs(CDbl(Timer) - FaultAt) > SECONDS_BROKEN Then TieraddinRested
    TieraddinBroken = (Fault <> "")
End Function

Public Function TieraddinRevived(description As String) As Boolean
    ' After a failed call: whether it is to be tried again, with a new server.
    If InStr(description, "Python Error") > 0 Then
        FaultAt = -SECONDS_BROKEN
        Fault = TieraddinSay("python_error", Lastly(description))
    ElseIf Restarted Then
        FaultAt = CDbl(Timer)
        Fault = TieraddinSay("no_server", description)
    Else
        Restarted = True
        TieraddinEndServer
        TieraddinRevived = True
    End If
End Function

Public Function TieraddinFault() As String
    ' What a cell shows in place of an answer.
    TieraddinFault = Fault
End Function

Public Sub TieraddinEndServer()
    ' The next call starts another, by settings read anew.
    On Error Resume Next
    KillPy
    TieraddinCommand = ""
    TieraddinLoaded = False
End Sub

Private Function Lastly(description As String) As String
    ' The line of an error of Python that names it.
    Dim lines As Variant, i As Long
    lines = Split(Replace(description, vbCr, ""), vbLf)
    For i = UBound(lines) To 0 Step -1
        If Trim$(lines(i)) <> "" Then
            Lastly = Trim$(lines(i))
            Exit Function
        End If
    Next i
End Function
