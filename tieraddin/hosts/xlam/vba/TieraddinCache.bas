Option Explicit

' The answers of whole columns, kept while Excel calculates.
'
' A table of 10,000 cells =TIER("value-abc",[@Sales],,,[Sales]) asks 10,000 times about the same column. The first cell
' fetches the answers of all rows with one call of Python, the others take theirs from here.
'
' What keeps a changed input from getting an old answer:
' - all is forgotten when Excel has calculated (ThisWorkbook: App_AfterCalculate);
' - the key holds all arguments, and of the population its address and what native functions see in it: a cell that is
'   not calculated yet looks empty, and makes another key;
' - a column answers each cell once: a cell asks again because something that it rests on has changed;
' - a column that nobody has asked for a second is not used any more.

Private Const LAST_SLOT As Long = 63
Private Const MOST_READ As Long = 1000
Private Const SECONDS_KEPT As Double = 1

Private Keys(LAST_SLOT) As String
Private Answers(LAST_SLOT) As Variant
Private Askers(LAST_SLOT) As Variant
Private LastAsked(LAST_SLOT) As Double
Private NextSlot As Long

Public Sub TieraddinForget()
    Dim slot As Long
    For slot = 0 To LAST_SLOT
        Keys(slot) = ""
        Answers(slot) = Empty
        Askers(slot) = Empty
    Next slot
End Sub

Public Function TieraddinKept(ByRef answer As Variant, called As String, arguments As Variant, _
                              dataAt As Long, amongAt As Long, caller As Variant) As Boolean
    ' Whether answer is now that of the call; where not, it is an ordinary call: no population, or data outside of it.
    Dim row As Long, slot As Long, key As String, asker As String
    On Error GoTo ordinary
    row = RowWithin(arguments(dataAt), arguments(amongAt))
    If row < 0 Then Exit Function
    Set arguments(amongAt) = InUse(arguments(amongAt))
    If NotCalculated(arguments(amongAt)) Then
        answer = Empty
        TieraddinKept = True
        Exit Function
    End If
    key = KeyOf(called, arguments, dataAt, amongAt)
    If key = "" Then Exit Function
    asker = "|" & Plain(caller) & "|"
    slot = SlotOf(key, row, asker)
    If slot < 0 Then slot = Fetched(key, called, arguments, dataAt, amongAt)
    If row > UBound(Askers(slot)) Then Exit Function
    Askers(slot)(row) = Askers(slot)(row) & asker
    LastAsked(slot) = CDbl(Timer)
    answer = AnswerOf(slot, row)
    TieraddinKept = True
    Exit Function
ordinary:
End Function

Private Function RowWithin(data As Variant, among As Variant) As Long
    ' Which row of among (from 0) data is; -1 for none.
    RowWithin = -1
    If Not (IsObject(data) And IsObject(among)) Then Exit Function
    If data.Areas.Count > 1 Or among.Areas.Count > 1 Or data.Rows.Count > 1 Then Exit Function
    If data.Column <> among.Column Or data.Columns.Count <> among.Columns.Count Then Exit Function
    If data.Row < among.Row Or data.Row >= among.Row + among.Rows.Count Then Exit Function
    If SheetOf(data) <> SheetOf(among) Then Exit Function
    RowWithin = data.Row - among.Row
End Function

Private Function SheetOf(cells As Variant) As String
    Dim address As String
    address = cells.Address(External:=True)
    SheetOf = Left$(address, InStrRev(address, "!"))
End Function

Private Function InUse(among As Variant) As Variant
    ' Of whole columns the rows that their sheet uses.
    Set InUse = among
    If among.Rows.Count < among.Worksheet.Rows.Count Then Exit Function
    With among.Worksheet.UsedRange
        Set InUse = among.Resize(.Row + .Rows.Count - 1)
    End With
End Function

Private Function NotCalculated(among As Variant) As Boolean
    ' Whether a cell of a column of formulas looks empty: no formula gives that, and Excel asks again when it is done.
    Dim cell As Variant
    If Application.WorksheetFunction.CountA(among) = among.Rows.Count * CDbl(among.Columns.Count) Then Exit Function
    If IsNull(among.HasFormula) Then Exit Function
    If Not among.HasFormula Or Not IsArray(among.Value2) Then Exit Function
    For Each cell In among.Value2
        If IsEmpty(cell) Then NotCalculated = True
    Next cell
End Function

Private Function KeyOf(called As String, arguments As Variant, dataAt As Long, amongAt As Long) As String
    ' "" where an argument is too large to be compared for each cell.
    Dim i As Long, key As String, part As String
    key = called
    For i = LBound(arguments) To UBound(arguments)
        If i = dataAt Or LeftOut(arguments(i)) Then
            part = "-"
        ElseIf i = amongAt Then
            part = Seen(arguments(i))
        Else
            part = Content(arguments(i))
            If part = "" Then Exit Function
        End If
        key = key & ";" & part
    Next i
    KeyOf = key
End Function

Private Function Seen(among As Variant) As String
    ' The address of a population and what native functions see in it: how many, how much, and in which order.
    Dim count As Long
    count = among.Rows.Count
    With Application.WorksheetFunction
        Seen = Plain(among) & Plain(.CountA(among)) & Plain(.Count(among)) & Plain(.Aggregate(9, 6, among))
    End With
    Seen = Seen & Plain(Application.NPV(0.000001, among))
    If count > 1 Then Seen = Seen & Plain(Application.SumProduct(among.Resize(count - 1), among.Offset(1).Resize(count - 1)))
End Function

Private Function Content(argument As Variant) As String
    ' All that a small argument holds; "" of a large one.
    If IsObject(argument) Then
        If argument.Areas.Count > 1 Then Exit Function
        If argument.Rows.Count * CDbl(argument.Columns.Count) > MOST_READ Then Exit Function
        Content = argument.Rows.Count & "x" & argument.Columns.Count & Every(argument.Value2)
    ElseIf IsArray(argument) Then
        Content = ShapeOf(argument) & Every(argument)
    Else
        Content = Plain(argument)
    End If
End Function

Private Function Every(held As Variant) As String
    Dim cell As Variant
    If IsArray(held) Then
        For Each cell In held
            Every = Every & "," & Plain(cell)
        Next cell
    Else
        Every = "," & Plain(held)
    End If
End Function

Private Function ShapeOf(held As Variant) As String
    On Error Resume Next
    ShapeOf = UBound(held, 1) & "x"
    ShapeOf = ShapeOf & UBound(held, 2)
End Function

Private Function Plain(value As Variant) As String
    ' A value as a text that no other value has: its kind and, of a number, what its digits leave over.
    If IsObject(value) Then
        Plain = TypeName(value)
        If TypeOf value Is Range Then Plain = Plain & value.Address(External:=True)
    ElseIf VarType(value) = vbString Then
        Plain = "S" & Len(value) & ":" & value
    ElseIf IsEmpty(value) Or IsNull(value) Then
        Plain = TypeName(value)
    ElseIf IsError(value) Or VarType(value) = vbBoolean Then
        Plain = TypeName(value) & CStr(value)
    Else
        Plain = "N" & Str$(CDbl(value)) & "+" & Str$(CDbl(value) - Val(Str$(CDbl(value))))
    End If
End Function

Private Function LeftOut(Optional value As Variant) As Boolean
    LeftOut = IsMissing(value)
End Function

Private Function SlotOf(key As String, row As Long, asker As String) As Long
    ' Where the answers for key are kept; -1 where they are not, or are not good for asker any more.
    Dim slot As Long
    SlotOf = -1
    For slot = 0 To LAST_SLOT
        If Keys(slot) = key Then
            If Abs(CDbl(Timer) - LastAsked(slot)) <= SECONDS_KEPT Then SlotOf = slot
            Exit For
        End If
    Next slot
    If SlotOf < 0 Then Exit Function
    If row > UBound(Askers(slot)) Then Exit Function
    If InStr(1, Askers(slot)(row), asker, vbBinaryCompare) > 0 Then SlotOf = -1
End Function

Private Function Fetched(key As String, called As String, arguments As Variant, dataAt As Long, amongAt As Long) As Long
    ' Keep what Python answers for all rows, in place of what was kept under this key, or of the oldest.
    ' The data are not looked at, as an argument that was not given they stay empty.
    Dim slot As Long, asked() As String, given() As Variant, i As Long
    Fetched = NextSlot
    For slot = 0 To LAST_SLOT
        If Keys(slot) = key Then Fetched = slot
    Next slot
    Keys(Fetched) = ""
    ReDim given(UBound(arguments) - LBound(arguments) + 1)
    given(0) = called
    For i = LBound(arguments) To UBound(arguments)
        If IsObject(arguments(i)) And i <> dataAt Then
            Set given(i - LBound(arguments) + 1) = arguments(i)
        ElseIf i <> dataAt And Not LeftOut(arguments(i)) Then
            given(i - LBound(arguments) + 1) = arguments(i)
        End If
    Next i
    Answers(Fetched) = TieraddinColumn(given)
    ReDim asked(RowsOf(Answers(Fetched), arguments(amongAt)) - 1)
    Askers(Fetched) = asked
    Keys(Fetched) = key
    If Fetched = NextSlot Then NextSlot = (NextSlot + 1) Mod (LAST_SLOT + 1)
End Function

Private Function RowsOf(answer As Variant, among As Variant) As Long
    ' One answer is for all rows; so is a single row where there is one row only.
    If IsArray(answer) And among.Rows.Count > 1 Then
        RowsOf = UBound(answer, 1) - LBound(answer, 1) + 1
    Else
        RowsOf = among.Rows.Count
    End If
End Function

Private Function AnswerOf(slot As Long, row As Long) As Variant
    ' The answer for a row: a value, or a row of values.
    Dim first As Long, width As Long, i As Long, wide() As Variant
    If Not IsArray(Answers(slot)) Or UBound(Askers(slot)) = 0 Then
        AnswerOf = Answers(slot)
        Exit Function
    End If
    first = LBound(Answers(slot), 2)
    width = UBound(Answers(slot), 2) - first + 1
    If width = 1 Then
        AnswerOf = Answers(slot)(LBound(Answers(slot), 1) + row, first)
        Exit Function
    End If
    ReDim wide(width - 1)
    For i = 0 To width - 1
        wide(i) = Answers(slot)(LBound(Answers(slot), 1) + row, first + i)
    Next i
    AnswerOf = wide
End Function
