"""Makes the loops into native code, once for this machine, by numba and LLVM."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import llvmlite.binding as llvm
import numba
from numba.core.errors import NumbaError
from numba.extending import register_jitable

from engines.grouping import native
from engines.grouping.compiled import Real, Short, Whole
from engines.grouping.linking import LinkingError, image_of


class MakingError(ValueError):
    """The loops could not be compiled."""


OPTIONS: dict[str, Any] = {"error_model": "numpy"}
"""Plain machine arithmetic: nothing in the loops raises an error."""


def made_of(loops: Iterable[Callable[..., Any]], entries: Mapping[str, Callable[..., Any]]) -> bytes:
    """Native code of the entries, with the loops that they call, as `native.read` takes it.

    It refers to nothing outside itself: pointers in place of arrays need nothing of numba's runtime, and
    loops that fill or copy stay loops. The processor is the one that this runs on. Raises MakingError.
    """
    llvm.set_option("grouping", "-disable-loop-idiom-all")
    for loop in loops:
        register_jitable(**OPTIONS)(loop)
    try:
        made = {name: _compiled(function) for name, function in entries.items()}
        code = _linked([text for text, *_ in made.values()], {symbol for _, symbol, *_ in made.values()})
    except (NumbaError, RuntimeError) as error:
        raise MakingError(str(error)) from error
    try:
        image, starts = image_of(code, [symbol for _, symbol, _, _ in made.values()])
    except LinkingError:
        named = {name: (given, answer, symbol) for name, (_, symbol, given, answer) in made.items()}
        return native.write(native.OBJECT, named, code)
    placed = {name: (given, answer, starts[symbol]) for name, (_, symbol, given, answer) in made.items()}
    return native.write(native.IMAGE, placed, image)


def _compiled(function: Callable[..., Any]) -> tuple[str, str, str, str]:
    """LLVM's language for an entry, its symbol there, and the sorts of its parameters and result."""
    whole, real = numba.types.CPointer(numba.types.int64), numba.types.CPointer(numba.types.float64)
    types = {
        Whole: ("*", whole),
        Short: ("*", numba.types.CPointer(numba.types.int32)),
        Real: ("*", real),
        int: ("q", numba.types.int64),
        float: ("d", numba.types.float64),
        None: ("*", numba.types.none),
    }
    *given, answer = [types[each] for each in function.__annotations__.values()]
    signature = answer[1](*(kind for _, kind in given))
    text = numba.njit(signature, **OPTIONS)(function).inspect_llvm()[signature.args]
    found = re.search(r'@"?cfunc\.([^"(]+)"?\(', text)
    assert found is not None, "numba names its wrapper for C after the function within"
    return text, found[1], "".join(sort for sort, _ in given), answer[0]


def _linked(texts: list[str], symbols: set[str]) -> bytes:
    """One object of all: what is not asked for by name goes, or is drawn into what is."""
    first, *others = map(llvm.parse_assembly, texts)
    for module in (first, *others):
        _hide(module, symbols, but=(llvm.Linkage.linkonce_odr,))
    for other in others:
        first.link_in(other)
    _hide(first, symbols)
    features = llvm.get_host_cpu_features().flatten()
    machine = llvm.Target.from_triple(first.triple).create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=3, reloc="pic", codemodel="small"
    )
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    builder.getModulePassManager().run(first, builder)
    return bytes(machine.emit_object(first))


def _hide(module: Any, symbols: set[str], but: tuple[Any, ...] = ()) -> None:
    """Let nothing be seen from outside but what is asked for, and what modules have in common."""
    for thing in (*module.functions, *module.global_variables):
        if not thing.is_declaration and thing.name not in symbols and thing.linkage not in but:
            thing.linkage = "internal"
