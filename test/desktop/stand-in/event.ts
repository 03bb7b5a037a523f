/** An event that can be refused, with what else it says. */
export type StandInEvent<More> = More & { defaultPrevented: boolean; preventDefault(): void }

export function makeEvent<More extends object>(more: More): StandInEvent<More>
export function makeEvent(): StandInEvent<object>
export function makeEvent(more: object = {}): StandInEvent<object> {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true
    },
    ...more
  }
}
