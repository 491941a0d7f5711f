import ArgumentParser
import Foundation

/// Where the passphrase of an encrypted key comes from: never from the command line, which others can read.
struct PassphraseOptions: ParsableArguments {
  @Option(
    name: .customLong("passphrase-env"),
    help: ArgumentHelp(
      "The environment variable that holds the key's passphrase, or the token's PIN.", valueName: "variable"))
  var variable: String?

  func passphrase() throws(CommandError) -> [UInt8]? {
    guard let variable else { return nil }
    guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
      throw CommandError(
        code: "keys.no-passphrase", explanation: "the environment variable \(variable) is unset or empty",
        nextStep: "set it to the passphrase, or omit --passphrase-env if the key has none")
    }
    return Array(text.utf8)
  }
}
