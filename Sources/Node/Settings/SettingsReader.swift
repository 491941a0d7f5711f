internal import Configuration

/// The sources of settings, in order of precedence, each read through swift-configuration.
struct SettingsReader {
  private struct Source {
    var snapshot: any ConfigSnapshot
    /// Whether its keys begin with the program's name, as those of environment variables do.
    var isPrefixed: Bool
    var place: (SettingsKey) -> SettingPlace
    var text: (SettingsKey) -> String
  }

  private let sources: [Source]

  init(overrides: [SettingsKey: String], environment: [SettingsKey: String], file: SettingsFile?) {
    var defaults: [SettingsKey: String] = [:]
    for key in SettingsKey.allCases { defaults[key] = key.defaultText }
    var sources = [
      SettingsReader.texts(overrides) { _ in .commandLine },
      SettingsReader.texts(environment) { .environment(variable: $0.variable) },
    ]
    if let file {
      sources.append(
        Source(
          snapshot: file.snapshot, isPrefixed: false,
          place: { .file(path: file.path, line: file.lines[$0] ?? 0) }, text: { file.texts[$0] ?? "" }))
    }
    sources.append(SettingsReader.texts(defaults) { _ in .builtIn })
    self.sources = sources
  }

  /// Text values follow the rules of environment variables, no matter where they come from.
  private static func texts(_ texts: [SettingsKey: String], place: @escaping (SettingsKey) -> SettingPlace) -> Source {
    var variables: [String: String] = [:]
    for (key, text) in texts { variables[key.variable] = text }
    let provider = EnvironmentVariablesProvider(environmentVariables: variables)
    return Source(
      snapshot: provider.snapshot(), isPrefixed: true, place: place, text: { texts[$0] ?? "" })
  }

  /// The value from the first source that has one, with its place. A wrong value is an error; its source is not
  /// skipped.
  private func find(
    _ key: SettingsKey, _ type: ConfigType, allowed: String
  ) throws(NodeSettingsError) -> (content: ConfigContent, place: SettingPlace)? {
    for source in sources {
      let path = AbsoluteConfigKey((source.isPrefixed ? ["roadbed"] : []) + key.components)
      do {
        if let value = try source.snapshot.value(forKey: path, type: type).value {
          return (value.content, source.place(key))
        }
      } catch {
        throw .wrongValue(key: key.rawValue, value: source.text(key), source.place(key), allowed: allowed)
      }
    }
    return nil
  }

  func place(of key: SettingsKey) -> SettingPlace {
    (try? find(key, key.form == .list ? .stringArray : .string, allowed: ""))?.place ?? .builtIn
  }

  /// The converted text of a setting; nil if no source has one.
  func optional<Value>(
    _ key: SettingsKey, allowed: String, _ convert: (String) -> Value?
  ) throws(NodeSettingsError) -> Value? {
    guard case (.string(let text), let place)? = try find(key, .string, allowed: allowed) else { return nil }
    guard let value = convert(text) else {
      throw .wrongValue(key: key.rawValue, value: text, place, allowed: allowed)
    }
    return value
  }

  /// The converted text of a setting that has a default.
  func text<Value>(
    _ key: SettingsKey, allowed: String, _ convert: (String) -> Value?
  ) throws(NodeSettingsError) -> Value {
    guard let value = try optional(key, allowed: allowed, convert) else { throw missing(key, allowed) }
    return value
  }

  func flag(_ key: SettingsKey) throws(NodeSettingsError) -> Bool {
    guard case (.bool(let value), _)? = try find(key, .bool, allowed: "true or false") else {
      throw missing(key, "true or false")
    }
    return value
  }

  func number(_ key: SettingsKey, in range: ClosedRange<Int>) throws(NodeSettingsError) -> Int {
    let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard case (.int(let value), let place)? = try find(key, .int, allowed: allowed) else {
      throw missing(key, allowed)
    }
    guard range.contains(value) else {
      throw .wrongValue(key: key.rawValue, value: "\(value)", place, allowed: allowed)
    }
    return value
  }

  /// The converted entries of a list.
  func list<Value>(
    _ key: SettingsKey, allowed: String, _ convert: (String) -> Value?
  ) throws(NodeSettingsError) -> [Value] {
    guard case (.stringArray(let texts), let place)? = try find(key, .stringArray, allowed: allowed) else {
      throw missing(key, allowed)
    }
    // An empty variable is read as a list of one empty string.
    if texts == [""] { return [] }
    var values: [Value] = []
    for text in texts {
      guard let value = convert(text) else {
        throw .wrongValue(key: key.rawValue, value: text, place, allowed: allowed)
      }
      values.append(value)
    }
    return values
  }

  private func missing(_ key: SettingsKey, _ allowed: String) -> NodeSettingsError {
    .wrongValue(key: key.rawValue, value: "", .builtIn, allowed: allowed)
  }
}
