import ArgumentParser

struct TransactionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tx",
    abstract: "Build, sign and submit transactions.",
    discussion: """
      A transaction is a list of operations that are applied all or none, signed by one or more members. Submitting \
      the same bytes twice is safe: they are applied at most once.

      `submit`, `sign` and `show` read a file {"operations": [...]}; Config/story has examples of each kind. In such a file, \
      "@key:NAME" stands for the public key in a key file, and "@digest:PATH" for the digest of a file's content.
      """,
    subcommands: [
      TransactionSubmit.self, TransactionSign.self, TransactionShow.self, TransactionTransfer.self,
      TransactionIssue.self, TransactionRetire.self, TransactionHold.self, TransactionDefine.self,
      TransactionAsset.self, TransactionOpen.self, TransactionClose.self, TransactionAnchor.self, TransactionAdmit.self,
    ])
}
