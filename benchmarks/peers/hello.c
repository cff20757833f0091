// SPDX-License-Identifier: MIT OR BSL-1.0
#include <stdio.h>

int main(void)
{
    puts("hello");
    return 0;
}
