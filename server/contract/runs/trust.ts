import { z } from 'zod'
import { timestamp } from '../endpoint.ts'

/** Whether a run waits until a person trusts what lies in its folder, or goes on at once without it. */
export const trustWishes = ['ask', 'never'] as const
export type TrustWish = (typeof trustWishes)[number]

const actKinds = ['hook', 'request', 'mcp', 'permission', 'helper', 'plugin', 'other'] as const
export type ActKind = (typeof actKinds)[number]

/** One setting that acts by itself. `line` counts from 1. */
const settingsAct = z.object({
  kind: z.enum(actKinds),
  title: z.string().max(300).describe('What it does, as a plain sentence'),
  detail: z.string().max(8000).describe('The command, address or rule itself'),
  path: z.string().max(4096).describe('The file it stands in, seen from the folder'),
  line: z.int().min(1)
})
export type SettingsAct = z.infer<typeof settingsAct>

/** A file that is part of what is trusted: it holds such a setting, or is a program that one names. */
const settingsFile = z.object({
  path: z.string().max(4096).describe('Seen from the folder'),
  text: z.string().nullable().describe('null: no text, or too long to be shown; it counts all the same')
})
export type SettingsFile = z.infer<typeof settingsFile>

export const maxActs = 500
export const maxSettingsFiles = 200

/** `input` of an approval of kind `trust`, as the runner tells it. */
export const trustQuestion = z.object({
  folder: z.string().max(4096),
  runtime: z.string().max(64),
  content: z.string().length(64).describe('SHA-256 over all files, in hex: what exactly is trusted'),
  acts: z.array(settingsAct).max(maxActs),
  files: z.array(settingsFile).max(maxSettingsFiles)
})
export type TrustQuestion = z.infer<typeof trustQuestion>

/** What was trusted last in the same folder. */
const trustedBefore = trustQuestion.pick({ content: true, acts: true, files: true }).extend({
  decidedBy: z.string(),
  decidedAt: timestamp
})

/** `input` of an approval of kind `trust`, as the API shows it. */
export const trustRequest = trustQuestion.extend({ before: trustedBefore.nullable() })
export type TrustRequest = z.infer<typeof trustRequest>
