import { useId } from 'react'
import { useSearchParams } from 'wouter'
import { useSystem } from '../../parts/system.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import styles from './api.module.css'
import { exampleOf, hasExample, type Language, languages } from './examples.ts'

const tabs = languages.map(id => ({ id, title: id }))

/** Which language and which API stand in the address. */
export function TryIt() {
  const panel = useId()
  const [params, setParams] = useSearchParams()
  const faces = useSystem().data?.faces.filter(hasExample)
  const language = languages.find(one => one === params.get('language')) ?? 'curl'
  const face = faces?.find(({ id }) => id === params.get('face')) ?? faces?.[0]
  const choose = (change: { language?: Language; face?: string }) =>
    setParams({ ...Object.fromEntries(params), ...change }, { replace: true })
  return (
    <section aria-labelledby="try-it">
      <h2 id="try-it" className={styles.heading}>
        Try it
      </h2>
      <p className={styles.words}>
        It only looks. Put a key into the variable <code>FLOTILLA_KEY</code> first, so that it stands in no command and
        no file.
      </p>
      {faces && face && (
        <div className={styles.call}>
          <div className={styles.choices}>
            <Tabs
              label="Language"
              tabs={tabs}
              chosen={language}
              onChoose={id => choose({ language: id })}
              panel={panel}
            />
            <Field label="API" hideLabel>
              {control => (
                <Select {...control} value={face.id} onChange={event => choose({ face: event.target.value })}>
                  {faces.map(({ id, title }) => (
                    <option key={id} value={id}>
                      {title}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
          <div id={panel} role="tabpanel" aria-label={language}>
            <Copyable label={`the ${language} example`} text={exampleOf(language, face)} />
          </div>
        </div>
      )}
    </section>
  )
}
