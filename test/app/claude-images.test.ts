import { expect } from 'vitest'
import { addInput, forkRun } from '#contract/runs/runs'
import { withEachClaude } from '../kit/claude.ts'
import { png, sent } from '../kit/images.ts'
import { scripted } from '../kit/mock-llm.ts'

const first = sent(png({ width: 30, height: 20, shade: 1 }))
const second = sent(png({ width: 40, height: 20, shade: 2 }))

interface Block {
  type: string
  text?: string
  source?: { media_type: string; data: string }
}

/** Blocks of what the user said, in each request that brought some of these words along. */
function userBlocks(requests: readonly { body: unknown }[], words: string): Block[][] {
  return requests
    .map(({ body }) => (body as { messages?: { role: string; content: string | Block[] }[] }).messages ?? [])
    .map(messages => messages.filter(({ role }) => role === 'user').map(({ content }) => content))
    .map(contents =>
      contents.flatMap((content): Block[] =>
        typeof content === 'string' ? [{ type: 'text', text: content }] : content
      )
    )
    .filter(blocks => JSON.stringify(blocks).includes(words))
}

const imagesIn = (blocks: Block[] | undefined) => blocks?.flatMap(({ source }) => source?.data ?? [])

withEachClaude('images', (test, fleet) => {
  test('come to the model with the prompt, ahead of its words; a follow-up and a fork have those before them', async () => {
    const run = await fleet().launch(scripted({ text: 'a square' }), { images: [first] })
    expect(await fleet().until(run, 'SUCCEEDED')).toMatchObject({ result: 'a square' })
    const [blocks = []] = userBlocks(fleet().mock.requests, 'a square')
    expect(blocks.find(({ type }) => type === 'image')).toMatchObject({
      source: { type: 'base64', media_type: 'image/png', data: first.data }
    })
    const kinds = blocks.map(({ type, text }) => (text?.includes('a square') ? 'words' : type))
    expect(kinds.indexOf('image')).toBeLessThan(kinds.indexOf('words'))
    const forked = await fleet().app.call(forkRun, {
      params: { id: run.id },
      body: { prompt: scripted({ text: 'a wide one' }), images: [second] }
    })
    expect(await fleet().until(forked, 'SUCCEEDED')).toMatchObject({ result: 'a wide one' })
    expect(imagesIn(userBlocks(fleet().mock.requests, 'a wide one').at(-1))).toEqual([first.data, second.data])
    const child = await fleet().followUp(run, scripted({ text: 'still square' }))
    expect(await fleet().until(child, 'SUCCEEDED')).toMatchObject({ result: 'still square' })
    expect(imagesIn(userBlocks(fleet().mock.requests, 'still square').at(-1))).toEqual([first.data])
  })

  test('come with a message while it works', async () => {
    const run = await fleet().launch(scripted({ slow: 10, ms: 200 }))
    await fleet().until(run, 'RUNNING')
    const body = { text: scripted({ text: 'seen' }), images: [second] }
    await fleet().app.call(addInput, { params: { id: run.id }, body })
    expect(await fleet().until(run, 'SUCCEEDED')).toMatchObject({ result: 'seen' })
    expect(imagesIn(userBlocks(fleet().mock.requests, 'seen').at(-1))).toEqual([second.data])
  })
})
