// SPDX-License-Identifier: MIT OR BSL-1.0
import { NativeObject, setTurn, turnAt } from '@emilua/native'
import { rejecting, suspend, type OperationOptions, type Settle } from '@emilua/native/fiber'

/** Whose turn it is to write all of a buffer to a stream. It stays with the stream: one is not made for each write. */
export class Turn {
  /** What whoever has it returned to its caller. */
  writing: Promise<number> | null = null
  taken = false
  private readonly waiting: Settle<void>[] = []

  /** Takes the turn if nobody has it. */
  try (): boolean {
    if (this.taken) return false
    return this.taken = true
  }

  /** Waits for the turn, which somebody has: in order. Suspends, and is a cancellation point. */
  wait (options: OperationOptions | undefined): Promise<void> {
    return suspend<void>(options, settle => {
      this.waiting.push(settle)
      return reason => {
        this.waiting.splice(this.waiting.indexOf(settle), 1)
        settle.reject(reason)
      }
    })
  }

  /** Gives the turn to the next one. */
  end (): void {
    if (this.waiting.length === 0) this.taken = false
    else this.waiting.shift()!.resolve()
  }

  /** Ends a turn that succeeded. */
  readonly succeed = (done: number): number => {
    this.end()
    return done
  }

  /** Ends a turn that failed. */
  readonly fail = (error: unknown): never => {
    const { writing } = this
    this.end()
    throw rejecting(error, writing)
  }
}

class Given {
  constructor (object: object) { return object }
}

/** What is constructed is not made but given, and has the turn from then on: found faster than in a `WeakMap`. */
class WithTurn extends Given {
  readonly #turn = new Turn()

  static of (stream: object): Turn {
    return #turn in stream ? stream.#turn : new WithTurn(stream).#turn
  }
}

/** Whether nobody has the turn of `stream`, which has one of our methods. */
export function isFree (stream: object): boolean {
  const turn = turnAt(stream) as Turn | null | undefined
  return turn === null || turn?.taken === false
}

/** @returns whose turn it is to write to `stream`: made when somebody first has to wait */
export function turnOf (stream: object): Turn {
  const turn = stream instanceof NativeObject ? turnAt(stream) as Turn | null | undefined : undefined
  if (turn === undefined) return WithTurn.of(stream)
  if (turn !== null) return turn
  const made = new Turn()
  setTurn(stream as NativeObject, made)
  return made
}
