import ArgumentParser

struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Create and show key files.",
    discussion: """
      A key file is a private key as PKCS#8 PEM, readable only by its owner. Members sign transactions with keys of the \
      chain's suite. Validators sign votes with a separate key, and their peers identify them by a transport key, which \
      is always P-256 and comes with a certificate.
      """,
    subcommands: [KeysNew.self, KeysShow.self])
}
