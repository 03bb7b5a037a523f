/** Nobody is there to answer: every question is cancelled. Specs put their own answers in place. */
export const dialog = {
  showOpenDialog: async (..._args: unknown[]) => ({ canceled: true, filePaths: [] as string[] }),
  showMessageBox: async (..._args: unknown[]) => ({ response: -1, checkboxChecked: false }),
  showErrorBox: (title: string, content: string) => console.error(`${title}: ${content}`)
}
