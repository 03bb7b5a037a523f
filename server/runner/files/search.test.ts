import { describe, expect, test } from 'vitest'
import { maxFoundFiles } from '#contract/runners/files'
import { search } from './search.ts'

const paths = ['README.md', 'src/', 'src/main.ts', 'src/domain/', 'src/domain/main.css', 'test/', 'test/domain.test.ts']
const found = paths.map(path => ({ path, depth: path.replace(/\/$/, '').split('/').length - 1 }))
const named = (query: string) => search(found, query).paths

describe('what fits what was typed', () => {
  test('nothing typed: what lies at the top', () => {
    expect(named('')).toEqual(['src/', 'test/', 'README.md'])
    expect(named('./')).toEqual(named(''))
  })

  test('the beginning of a path, then of a name, then what holds it; nearer to the top first', () => {
    expect(named('main')).toEqual(['src/main.ts', 'src/domain/main.css', 'src/domain/', 'test/domain.test.ts'])
    expect(named('src/d')).toEqual(['src/domain/', 'src/domain/main.css'])
  })

  test('letters in their order, whatever stands between them; case does not count', () => {
    expect(named('RDM')).toContain('README.md')
    expect(named('sdmc')).toEqual(['src/domain/main.css'])
    expect(named('zzz')).toEqual([])
  })

  test('a pattern is only letters', () => {
    expect(named('.*')).toEqual([])
    expect(named('(')).toEqual([])
  })

  test('so many at most, and that there are more is said', () => {
    const many = Array.from({ length: 200 }, (_, i) => ({ path: `${i}.txt`, depth: 0 }))
    expect(search(many, 'txt')).toMatchObject({ more: true })
    expect(search(many, 'txt').paths).toHaveLength(maxFoundFiles)
    expect(search(many, '199')).toEqual({ paths: ['199.txt'], more: false })
  })
})
