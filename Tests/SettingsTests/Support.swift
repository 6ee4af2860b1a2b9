import Settings

/// The least settings there can be.
let least = """
    pipelines:
      shop:
        landing: ./landing
        synced: ./synced
        catalog:
          id: "123"
          access_token: env:TOKEN
    """

let vocabulary = SettingsVocabulary(
    rules: ["T03", "L05"], figures: ["handle_errors", "items_refused", "items_sent"], columns: ["id", "title", "price"])

/// `least` with more lines at the end; lines under `shop` are indented by four.
func settings(_ more: String = "") throws(SettingsProblems) -> VitrineSettings {
    try VitrineSettings(yaml: least + "\n" + more + "\n", file: "vitrine.yaml", vocabulary: vocabulary)
}

/// What is wrong with a text.
func problems(_ yaml: String) -> [SettingsError] {
    do throws(SettingsProblems) {
        _ = try VitrineSettings(yaml: yaml, file: "vitrine.yaml", vocabulary: vocabulary)
        return []
    } catch {
        return error.errors
    }
}

func problems(adding more: String) -> [SettingsError] { problems(least + "\n" + more + "\n") }
