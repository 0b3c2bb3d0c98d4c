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
    If Not Ribbon Is Nothing Then Ribbon.Invalidate
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
