/**
 * Switches that Chromium and Electron read for themselves. Their families are named rather than each of the thousands, and
 * everything else stays an error: a misspelt option of ours must not be swallowed.
 */
const families =
  /^--(allow|blink|disable|dns|enable|force|gtk|host-resolver|ignore|in-process|inspect|js|log|no-(proxy|sandbox|zygote|first-run)|original-process|ozone|password-store|proxy|remote|trace|use|wayland)(-|=|$)/

const names: readonly string[] = ['--high-dpi-support', '--lang', '--single-process', '--test-type', '--v', '--vmodule']

export function isChromiumSwitch(argument: string): boolean {
  return families.test(argument) || names.includes(argument.split('=')[0] ?? '')
}
