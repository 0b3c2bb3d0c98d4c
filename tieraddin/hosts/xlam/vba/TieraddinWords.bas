Option Explicit

' Words: a module is in the code page of one country, so all texts stand on the add-in's sheets.

Private Language As String
Private Described As Boolean

Public Function TieraddinLanguage() As String
    ' "zh" or "en": as set by the ribbon, else as Excel speaks.
    Const OF_MENUS As Long = 2
    Const CHINESE As Long = 4
    If Language = "" Then Language = GetConfig("LANGUAGE", "", "user")
    If Language <> "zh" And Language <> "en" Then
        Language = "en"
        On Error Resume Next
        If (Application.LanguageSettings.LanguageID(OF_MENUS) And 1023) = CHINESE Then Language = "zh"
        On Error GoTo 0
    End If
    TieraddinLanguage = Language
End Function

Public Sub TieraddinSpeak(chosen As String)
    ' Speak chosen from now on; the server too, which is told when it starts.
    SaveConfigToFile GetConfigFilePath(), "LANGUAGE", chosen
    Language = chosen
    Described = False
    TieraddinEndServer
    TieraddinForget
End Sub

Public Function TieraddinSay(id As String, Optional detail As String = "") As String
    With ThisWorkbook.Worksheets("words")
        TieraddinSay = .Cells(Application.Match(id, .Columns(1), 0), SpokenColumn(2)).Value
    End With
    TieraddinSay = Replace(TieraddinSay, "{detail}", detail)
End Function

Public Function SpokenColumn(first As Long) As Long
    ' Of a column in Chinese and the next in English, the one that is spoken.
    SpokenColumn = first
    If TieraddinLanguage() = "en" Then SpokenColumn = first + 1
End Function

Public Sub TieraddinDescribe()
    ' The help of functions and arguments in Excel's dialog; Excel takes it while a workbook is active.
    Dim row As Long, last As Long, called As String
    If Described Or ActiveWorkbook Is Nothing Then Exit Sub
    Described = True
    row = 2
    With ThisWorkbook.Worksheets("help")
        Do While .Cells(row, 1).Value <> ""
            called = .Cells(row, 1).Value
            last = row
            Do While .Cells(last + 1, 1).Value = called
                last = last + 1
            Loop
            DescribeOne called, row, last
            row = last + 1
        Loop
    End With
    ThisWorkbook.Saved = True
End Sub

Private Sub DescribeOne(called As String, row As Long, last As Long)
    ' A function that can't be described works all the same.
    Dim arguments() As String, i As Long, shown As Long
    On Error Resume Next
    shown = SpokenColumn(3)
    With ThisWorkbook.Worksheets("help")
        ReDim arguments(1 To last - row)
        For i = 1 To last - row
            arguments(i) = Left$(.Cells(row + i, shown).Value, 255)
        Next i
        Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & called, _
            Description:=Left$(.Cells(row, shown).Value, 255), Category:="tieraddin", ArgumentDescriptions:=arguments
    End With
End Sub
