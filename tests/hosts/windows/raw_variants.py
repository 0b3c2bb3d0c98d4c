"""The VARIANT types of what the COM server answers, read with ctypes: pywin32 does not tell VT_ERROR from VT_I4."""

import ctypes
import re
from ctypes import POINTER, byref, c_double, c_long, c_uint, c_ushort, c_void_p, c_wchar_p

VT_R8, VT_BSTR, VT_VARIANT, VT_ARRAY = 5, 8, 12, 0x2000
DISPATCH_METHOD = 1
INVOKE = 6  # the slot of IDispatch::Invoke
AUTOMATION = ctypes.WinDLL("oleaut32")
AUTOMATION.SysAllocString.restype = c_void_p
AUTOMATION.SafeArrayCreateVector.restype = c_void_p


class Variant(ctypes.Structure):
    class Value(ctypes.Union):
        _fields_ = [("pointer", c_void_p), ("double", c_double), ("long", c_long)]

    _fields_ = [("vt", c_ushort), ("reserved", c_ushort * 3), ("value", Value), ("more", c_void_p)]


class Arguments(ctypes.Structure):
    _fields_ = [("values", POINTER(Variant)), ("named", c_void_p), ("count", c_uint), ("named_count", c_uint)]


def variant(value):
    made = Variant()
    if isinstance(value, str):
        made.vt, made.value.pointer = VT_BSTR, AUTOMATION.SysAllocString(c_wchar_p(value))
    elif isinstance(value, (list, tuple)):
        made.vt, made.value.pointer = VT_ARRAY | VT_VARIANT, vector(value)
    else:
        made.vt, made.value.double = VT_R8, value
    return made


def vector(values):
    array = AUTOMATION.SafeArrayCreateVector(VT_VARIANT, 0, len(values))
    for i, value in enumerate(values):
        AUTOMATION.SafeArrayPutElement(c_void_p(array), byref(c_long(i)), byref(variant(value)))
    return array


def types_of_answer(server, module, function, arguments):
    """The type of the answer, or of each element of its first row."""
    pointer = int(re.search(r"obj at 0x([0-9A-Fa-f]+)", repr(server._oleobj_))[1], 16)
    table = ctypes.cast(pointer, POINTER(POINTER(c_void_p)))[0]
    kind = ctypes.WINFUNCTYPE(
        c_long, c_void_p, c_long, c_void_p, c_uint, c_ushort, POINTER(Arguments), POINTER(Variant), c_void_p, c_void_p
    )
    given = (Variant * 3)(*map(variant, (list(arguments), function, module)))  # the last first
    answer = Variant()
    code = kind(table[INVOKE])(
        pointer, server._oleobj_.GetIDsOfNames("CallUDF"), ctypes.create_string_buffer(16), 0, DISPATCH_METHOD,
        byref(Arguments(given, None, 3, 0)), byref(answer), None, None,
    )  # fmt: skip
    assert code == 0, hex(code & 0xFFFFFFFF)
    if not answer.vt & VT_ARRAY:
        return answer.vt
    upper, element, types = c_long(), Variant(), []
    dimensions = AUTOMATION.SafeArrayGetDim(c_void_p(answer.value.pointer))
    AUTOMATION.SafeArrayGetUBound(c_void_p(answer.value.pointer), dimensions, byref(upper))
    for i in range(upper.value + 1):
        at = (c_long * dimensions)(*[0] * (dimensions - 1), i)
        AUTOMATION.SafeArrayGetElement(c_void_p(answer.value.pointer), at, byref(element))
        types.append(element.vt)
    return types
