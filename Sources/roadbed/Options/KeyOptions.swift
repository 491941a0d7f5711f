import ArgumentParser
import Cryptography
import Ledger
import LedgerClient
import Primitives

/// The keys that sign a transaction.
struct KeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A key to sign with: MEMBER=PATH; or PATH, if the file is named after the member; or, with --dir, just MEMBER for "
        + "one of the cluster's keys. In place of PATH, the pkcs11: URI of a key in a token, or unix:SOCKET for a signer process. "
        + "Repeat to sign with several.",
      valueName: "key"),
    completion: .file(extensions: ["pem"]))
  var key: [String] = []

  @Option(help: "The member that signs, if the key file is not named after it.", transform: Name.argument)
  var member: Name?

  @OptionGroup var passphrase: PassphraseOptions

  func validate() throws {
    if member != nil, key.count > 1 {
      throw ValidationError("--member works with one --key only; for several, write --key MEMBER=PATH.")
    }
  }

  func signers(suite: Suite, cluster: Cluster?) throws -> [Signer] {
    let passphrase = try passphrase.passphrase()
    return try key.map { text in
      let (name, path) = try split(text, cluster)
      guard let member = member ?? Name(name) else {
        throw CommandError(
          code: "keys.no-member",
          explanation: "the key '\(text)' does not say which member signs: '\(name)' is not a name. \(Name.rule)",
          nextStep: "write --key \(Paths.quoted("MEMBER=\(path)")), or add --member")
      }
      return Signer(member: member, key: try KeyPlace.open(path, suite: suite, passphrase: passphrase))
    }
  }

  private func split(_ text: String, _ cluster: Cluster?) throws -> (name: String, path: String) {
    // A URI has equals signs of its own.
    if KeyPlace.isToken(text) { return (try KeyPlace.name(of: text), text) }
    if let sign = text.firstIndex(of: "=") {
      return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }
    if !Paths.exists(text), let path = cluster?.keyFile(of: text) { return (text, path) }
    return (try KeyPlace.name(of: text), text)
  }
}
