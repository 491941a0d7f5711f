import ArgumentParser

struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Make and look at key files.",
    discussion: """
      A key file is a private key as PKCS#8 PEM, readable by its owner only. Members sign transactions with keys of \
      the chain's suite; validators sign votes with another one, and are known to their peers by a transport key, \
      which is always P-256 and comes with a certificate.
      """,
    subcommands: [KeysNew.self, KeysShow.self])
}
