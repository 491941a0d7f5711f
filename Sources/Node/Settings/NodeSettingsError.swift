internal import Primitives

/// Why a node's settings cannot be used.
package enum NodeSettingsError: ExplainedError, Hashable {
  case noDirectory(path: String)
  case unreadable(path: String, reason: String)
  case tooLarge(path: String, bytes: Int, limit: Int)
  /// Line 0 means that the line is not known.
  case notYAML(path: String, line: Int, reason: String)
  case unknownKey(String, SettingPlace, nearest: String?)
  case wrongValue(key: String, value: String, SettingPlace, allowed: String)
  /// A secret was given where others may read it.
  case environmentOnly(key: String, SettingPlace)
  case insecure(host: String, SettingPlace)

  package var code: String {
    switch self {
    case .noDirectory: "settings.no-directory"
    case .unreadable: "settings.unreadable"
    case .tooLarge: "settings.too-large"
    case .notYAML: "settings.not-yaml"
    case .unknownKey: "settings.unknown-key"
    case .wrongValue: "settings.wrong-value"
    case .environmentOnly: "settings.environment-only"
    case .insecure: "settings.insecure-api"
    }
  }

  package var explanation: String {
    switch self {
    case .noDirectory(let path): "the node's directory \(path) does not exist or is not a directory"
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .tooLarge(let path, let bytes, let limit): "\(path) has \(bytes) bytes; the limit is \(limit)"
    case .notYAML(let path, let line, let reason):
      line > 0 ? "\(path) is not valid YAML in line \(line): \(reason)" : "\(path) is not valid YAML: \(reason)"
    case .unknownKey(let key, let place, _): "there is no setting '\(key)', given \(place)"
    case .wrongValue(let key, let value, let place, let allowed):
      "\(key) is '\(value)' \(place), but must be \(allowed)"
    case .environmentOnly(let key, let place): "the secret '\(key)' is given \(place), where others may read it"
    case .insecure(let host, let place):
      "api.host is '\(host)' \(place), which other machines can reach, but the API has neither TLS nor passwords"
    }
  }

  package var nextStep: String {
    switch self {
    case .noDirectory: "give the directory made by 'roadbed cluster new' or 'roadbed node init'"
    case .unreadable: "check that it is a regular file and that its permissions allow reading it"
    case .tooLarge: "start again from the file that 'roadbed node init' writes"
    case .notYAML:
      "correct the line; write every setting as 'name: value' below its section, and put a value that begins with a bracket "
        + "in quotes"
    case .unknownKey(_, _, let nearest?): "did you mean '\(nearest)'?"
    case .unknownKey(_, .environment, nil):
      "remove it, or use one of \(SettingsKey.allCases.map(\.variable).joined(separator: ", "))"
    case .unknownKey(_, _, nil):
      "remove it, or use one of \(SettingsKey.allCases.map(\.rawValue).joined(separator: ", "))"
    case .wrongValue(_, _, .builtIn, _): "report this: a default of the program is not an allowed value"
    case .wrongValue(let key, _, _, _): "correct \(key), or remove it to use the default"
    case .environmentOnly:
      "remove it there, choose a new passphrase, and set the environment variable \(NodeSettings.passphraseVariable)"
    case .insecure:
      "use 127.0.0.1 behind a TLS proxy, or set api.insecure to true if the network is trusted"
    }
  }
}
