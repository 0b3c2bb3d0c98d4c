"""COM objects made of Python ones, and the classes through which pywin32 calls them, as makepy writes such.

Every call goes through IDispatch: what is handed over becomes VARIANTs, and what is raised a ``com_error``.

A kind of object is a class below `Kind`: properties and methods with capitals are its members; the annotation of a
member names the kind that it gives.
"""

import inspect
import uuid

import pythoncom
import pywintypes
import win32com.client
import win32com.server.policy as policy
import win32com.server.util as server_util
from win32com.client.util import Iterator
from win32com.server.exception import COMException

NEW_ENUM = -4
GET, PUT, METHOD = pythoncom.DISPATCH_PROPERTYGET, pythoncom.DISPATCH_PROPERTYPUT, pythoncom.DISPATCH_METHOD
ANYTHING, LEFT_OUT = (12, 0), (12, 17)
NO_SUCH_MEMBER = -2147352573
REFUSED = -2146827284
"""0x800A03EC: what Excel says to nearly all that it won't do."""

_KINDS, _NUMBERS = {}, {}
fails = {}
"""Members that fail at the next call, and with which code."""


class Kind:
    """What is called over COM; ``of`` is the object that answers."""

    def __init__(self, of):
        self.of = of

    def __init_subclass__(cls):
        _KINDS[cls.__name__] = cls


def given(kind):
    """Properties that are read and written as they are, by their names there and here."""

    def add(**names):
        for name, own in names.items():
            setattr(kind, name, property(
                lambda self, own=own: getattr(self.of, own), lambda self, value, own=own: setattr(self.of, own, value)
            ))  # fmt: skip

    return add


class _Policy(policy.BasicWrapPolicy):
    def _getdispid_(self, name, flags):
        return _number(name)

    def _invokeex_(self, number, lcid, flags, args, named, provider):
        if number == NEW_ENUM:
            return server_util.NewEnum([sent(each) for each in self._obj_])
        name = next(name for name, own in _NUMBERS.items() if own == number)
        if name in fails:
            raise COMException(description="not now", scode=fails.pop(name))
        args = [None if arg is pythoncom.ArgNotFound else _received(arg) for arg in args]
        try:
            if flags & PUT:
                return setattr(self._obj_, name, *args)
            found = getattr(self._obj_, name)
            found = found(*args) if inspect.ismethod(found) else found
        except AttributeError as fault:
            raise COMException(description=str(fault), scode=NO_SUCH_MEMBER) from fault
        except Exception as fault:
            raise COMException(description=f"{type(fault).__name__}: {fault}", scode=REFUSED) from fault
        return sent(found)


def _number(name):
    return _NUMBERS.setdefault(name, len(_NUMBERS) + 1)


def _received(value):
    return server_util.unwrap(value) if isinstance(value, pythoncom.TypeIIDs[pythoncom.IID_IDispatch]) else value


def sent(value):
    """A tuple as result means several results here, so an array travels as a tuple of one."""
    if isinstance(value, Kind):
        return server_util.wrap(value, usePolicy=_Policy)
    return (value,) if isinstance(value, tuple) else value


def client(value):
    """The object through which ``value`` is called."""
    return _class_of(type(value).__name__)(sent(value))


def _class_id(kind):
    return pywintypes.IID(f"{{{uuid.uuid5(uuid.NAMESPACE_DNS, kind)}}}".upper()) if kind in _KINDS else None


def _class_of(kind, made={}):  # noqa: B006  (kept)
    if kind not in made:
        body = {"CLSID": _class_id(kind), "coclass_clsid": None, "_prop_map_get_": {}, "_prop_map_put_": {}}
        made[kind] = type(kind, (win32com.client.DispatchBaseClass,), body)
        win32com.client.CLSIDToClass.RegisterCLSID(str(body["CLSID"]), made[kind])
        for name, member in inspect.getmembers(_KINDS[kind]):
            if name[0].isupper():
                _add(made[kind], name, member)
    return made[kind]


def _add(kind, name, member):
    number = _number(name)
    gives = (member.fget if isinstance(member, property) else member).__annotations__.get("return")
    if gives:
        _class_of(gives)
    if isinstance(member, property):
        kind._prop_map_get_[name] = (number, GET, ANYTHING, (), name, _class_id(gives))
        kind._prop_map_put_[name] = ((number, 0, PUT, 0), ())
    elif name == "NewEnum":
        kind.__iter__ = lambda self: Iterator(
            self._oleobj_.InvokeTypes(NEW_ENUM, 0, 3, (13, 10), ()), str(_class_id(gives))
        )
    else:
        setattr(kind, "__call__" if name == "Item" else name, _method(number, name, member, _class_id(gives)))
        if name == "Item":
            kind.Item = kind.__call__


def _method(number, name, member, class_id):
    signature = inspect.signature(member)

    def call(self, *args, **named):
        bound = signature.bind(self, *args, **named).arguments
        args = [bound.get(each, pythoncom.Missing) for each in list(signature.parameters)[1:]]
        while args and args[-1] is pythoncom.Missing:
            args.pop()
        return self._ApplyTypes_(number, METHOD | GET, ANYTHING, (LEFT_OUT,) * len(args), name, class_id, *args)

    return call
