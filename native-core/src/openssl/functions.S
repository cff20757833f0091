// SPDX-License-Identifier: MIT OR BSL-1.0
// OpenSSL's functions by their own names: each goes on to where the library is loaded. C++ could only define them with
// their signatures once more.

.macro openssl_function name
    .pushsection .bss
    .balign 8
slot_of_\name:
    .zero 8
    .popsection
    .globl \name
    .hidden \name
    .type \name, %function
\name:
    .cfi_startproc
#if defined(__x86_64__)
    endbr64
    jmp *slot_of_\name(%rip)
#elif defined(__aarch64__)
    hint 34 // bti c
    adrp x16, slot_of_\name
    ldr x16, [x16, :lo12:slot_of_\name]
    br x16
#else
#error "this processor's jump is missing"
#endif
    .cfi_endproc
    .size \name, . - \name
.endm

    .bss
    .balign 8
    .globl emilua_openssl_slots
    .hidden emilua_openssl_slots
emilua_openssl_slots:

    .text
    .balign 16
#define EMILUA_OPENSSL(name) openssl_function name
#include "openssl/functions.inc"

    .section .note.GNU-stack, "", %progbits
