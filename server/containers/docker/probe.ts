/** Machine code of `exit(0)` on Linux, and the number of the machine in an ELF file. */
const machines: Readonly<Record<string, { machine: number; code: readonly number[] }>> = {
  // xor edi, edi; mov eax, 60; syscall
  x64: { machine: 0x3e, code: [0x31, 0xff, 0xb8, 0x3c, 0, 0, 0, 0x0f, 0x05] },
  // mov x0, #0; mov x8, #93; svc #0
  arm64: { machine: 0xb7, code: [0, 0, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 0x01, 0, 0, 0xd4] }
}

const names: Readonly<Record<string, string>> = { x86_64: 'x64', amd64: 'x64', aarch64: 'arm64', arm64: 'arm64' }

const headerBytes = 64
const segmentBytes = 56
const baseAddress = 0x400000

/**
 * The smallest program that there is, so that a container can be started without an image from anywhere: it ends with 0 and
 * does nothing else. null: for a machine that is not known.
 */
export function probeFor(architecture: string): Buffer | null {
  const known = machines[names[architecture] ?? '']
  if (known === undefined) return null
  const size = headerBytes + segmentBytes + known.code.length
  const file = Buffer.alloc(size)
  // 64 bits, little-endian, version 1
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  // An executable.
  file.writeUInt16LE(2, 16)
  file.writeUInt16LE(known.machine, 18)
  file.writeUInt32LE(1, 20)
  file.writeBigUInt64LE(BigInt(baseAddress + headerBytes + segmentBytes), 24)
  file.writeBigUInt64LE(BigInt(headerBytes), 32)
  file.writeUInt16LE(headerBytes, 52)
  file.writeUInt16LE(segmentBytes, 54)
  file.writeUInt16LE(1, 56)
  // One segment, loaded as it lies, to be read and executed.
  file.writeUInt32LE(1, headerBytes)
  file.writeUInt32LE(5, headerBytes + 4)
  file.writeBigUInt64LE(BigInt(baseAddress), headerBytes + 16)
  file.writeBigUInt64LE(BigInt(baseAddress), headerBytes + 24)
  file.writeBigUInt64LE(BigInt(size), headerBytes + 32)
  file.writeBigUInt64LE(BigInt(size), headerBytes + 40)
  file.writeBigUInt64LE(0x10000n, headerBytes + 48)
  file.set(known.code, headerBytes + segmentBytes)
  return file
}
