import { app, type Mutation, unit } from './mutation.ts'

const folder = 'server/runner/git'

/** Checkpoints and undo: what is not theirs is not touched, nothing of a repository acts, and no byte is lost. */
export const changes: readonly Mutation[] = [
  {
    name: 'checkpoints are made in the index of the user',
    file: `${folder}/shadow.ts`,
    find: 'GIT_INDEX_FILE: index ?? this.index',
    replace: `GIT_INDEX_FILE: index ?? join(this.repository.gitDir, 'index')`,
    noticedBy: unit('runner/git/checkpoints', 'neither index, stash, branch nor settings are touched')
  },
  {
    name: 'filters of a repository run',
    file: `${folder}/shadow.ts`,
    find: '* -text !eol !filter !ident',
    replace: '* -text !eol !ident',
    noticedBy: unit('runner/git/checkpoints', 'line endings, filters and encodings of the repository')
  },
  {
    name: 'an index is believed though content is converted',
    file: `${folder}/shadow.ts`,
    find: 'if (is === null || (await mayConvert(this.git, this.repository, signal))) return false',
    replace: 'if (is === null) return false',
    noticedBy: unit('runner/git/put-back', 'puts back all that a run changed, byte by byte')
  },
  {
    name: 'hooks of a repository run',
    file: `${folder}/git.ts`,
    find: '`core.hooksPath=${devNull}`',
    replace: `'core.bare=false'`,
    noticedBy: unit('runner/git/checkpoints', 'nothing starts that its settings, attributes and hooks name')
  },
  {
    name: 'git is taken from the folder one stands in',
    file: `${folder}/git.ts`,
    find: '.filter(folder => isAbsolute(folder))',
    replace: '.filter(folder => isAbsolute(folder) || true)',
    noticedBy: unit('runner/git/checkpoints', 'nothing starts that its settings, attributes and hooks name')
  },
  {
    name: 'settings may name any folder as the work tree',
    file: `${folder}/repository.ts`,
    find: 'if ((await realpath(root)) !== top)',
    replace: 'if (root === top && top === null)',
    noticedBy: unit('runner/git/checkpoints', 'settings that name another work tree are refused')
  },
  {
    name: 'a private folder is taken for a part of the repository above it',
    file: `${folder}/repository.ts`,
    find: 'return alone || above === folder ? null',
    replace: 'return above === folder ? null',
    noticedBy: unit('runner/git/checkpoints', 'a private folder has none above it')
  },
  {
    name: 'what changed later is overwritten',
    file: `${folder}/checkpoints.ts`,
    find: `(hindered && wish.conflicts === 'refuse')`,
    replace: `(hindered && wish.conflicts === 'skip')`,
    noticedBy: unit('runner/git/put-back', 'what changed later is told, and left')
  },
  {
    name: 'what cannot be kept is overwritten',
    file: `${folder}/put-back.ts`,
    find: `if (now.large[path]) return 'too_large'`,
    replace: `if (now.large[path]) return 'changed_later'`,
    noticedBy: unit('runner/git/put-back', 'what is too large to be kept')
  },
  {
    name: 'ignored files in the way are overwritten',
    file: `${folder}/put-back.ts`,
    find: `(await isFree(root, one.path, leaving)) ? one`,
    replace: `(await isFree(root, one.path, leaving)) || one ? one`,
    noticedBy: unit('runner/git/put-back', 'an ignored file in the way is not overwritten')
  },
  {
    name: 'a dry run does it',
    file: `${folder}/checkpoints.ts`,
    find: 'if (wish.dryRun || ',
    replace: 'if (',
    noticedBy: unit('runner/git/put-back', 'tells in a dry run what it would do, and does nothing')
  },
  {
    name: 'the files of a run that works are put back',
    file: 'server/domain/runs/undo.ts',
    find: 'if (!isEnded(run.status))',
    replace: `if (run.status === 'QUEUED')`,
    noticedBy: app('changes', 'are told while it works')
  },
  {
    name: 'a hunk is discarded as if no other one had been',
    file: 'server/domain/runs/undo.ts',
    find: `undone: names('before')`,
    replace: 'undone: []',
    noticedBy: app('changes', 'are reviewed')
  },
  {
    name: 'a run that is to wait for its folder does not',
    file: 'server/store/runs/queue.ts',
    find: 'alone_in IS NULL OR NOT EXISTS (SELECT 1',
    replace: 'alone_in IS NULL OR 1 = 1 OR NOT EXISTS (SELECT 1',
    noticedBy: app('changes', 'a run waits until nobody works in its folder')
  },
  {
    name: 'two deeds on the files of one run go at once',
    file: 'server/domain/runs/undo.ts',
    find: 'const doing = before.then(deed, deed)',
    replace: 'const doing = before && deed()',
    noticedBy: app('changes', 'are reviewed')
  },
  {
    name: 'a comment that was sent is changed',
    file: 'server/domain/runs/review.ts',
    find: 'if (row.sent_to !== null) throw',
    replace: `if (row.sent_to === '') throw`,
    noticedBy: app('changes', 'are reviewed')
  },
  {
    name: 'files outside of the repository are put back',
    file: 'server/domain/runs/undo.ts',
    find: 'if (name === null) throw',
    replace: 'if (name === "") throw',
    noticedBy: app('changes', 'what changed later is told by name')
  }
]
