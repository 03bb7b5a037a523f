export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden>
      <path d="M10 1.5v10.2L3.4 11.7Z" fill="currentColor" />
      <path d="M11.6 4.5v7.2h4.9Z" fill="currentColor" opacity=".5" />
      <path d="M2 13.6h16l-2.6 4H4.6Z" fill="currentColor" />
    </svg>
  )
}
