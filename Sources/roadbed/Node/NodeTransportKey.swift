import ArgumentParser
import Cryptography
import Foundation
import LedgerJSON
import Node
import Primitives

struct NodeTransportKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transport-key",
    abstract: "Make a node's next TLS key, and put it in the place of the present one.",
    discussion: """
      Without --take: makes the next key beside the present one, once, and prints the command with which the \
      administrators let the directory list both. With --take, after that: puts the next key in the place of the present \
      one, which is kept as .old; restart the node, and have the directory list the new one alone. A node whose TLS key the \
      directory does not list is linked by nobody, so this is refused before.

      Examples:
        roadbed node transport-key --dir node
        roadbed node transport-key --dir node --take
      """)

  @Option(
    name: .customLong("dir"), help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Flag(help: "Use the next key from the next start on.")
  var take = false

  @Flag(help: "With --take: also if the directory, as this node last knew it, does not list the next key.")
  var force = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard take || !force else { throw ValidationError("--force is for --take.") }
  }

  private struct Answer: Encodable {
    /// The pin of the key with which the node starts.
    var present: Digest
    /// That of the key beside it.
    var next: Digest?
  }

  func run() async throws {
    let settings = try NodeSettings.load(
      directory: directory, environment: NodeEnvironment.forNodes(ProcessInfo.processInfo.environment))
    let files = TransportSuccession(certificate: settings.transportCertificateFile, key: settings.transportKeyFile)
    guard take else {
      let present = try files.present()
      return try report(present.pin, next: try files.begin().pin)
    }
    guard files.hasNext else { throw CommandError.noNextKey(files.nextKey) }
    let pin = try files.next().pin
    guard force || settings.isListed(pin) else { throw CommandError.unlistedKey(pin) }
    try files.take()
    try report(pin, next: nil)
    if !output.json { Console.print("the key before is kept in \(files.oldKey) until the next one takes its place") }
  }

  private func report(_ present: Digest, next: Digest?) throws {
    if output.json { return try Console.printJSON(Answer(present: present, next: next)) }
    var sheet = Sheet()
    sheet.add("present", present)
    sheet.add("next", ifPresent: next)
    sheet.print()
    let command = "an administrator: roadbed observer add NAME --transport-key \(present)"
    guard let next else {
      Console.next("restart the node; then \(command) --key ADMINISTRATOR --wait")
      return
    }
    Console.next("\(command) --transport-key \(next) --key ADMINISTRATOR --wait")
    Console.next("then roadbed node transport-key --dir \(Paths.quoted(directory)) --take")
  }
}

extension CommandError {
  fileprivate static func unlistedKey(_ pin: Digest) -> CommandError {
    CommandError(
      code: "node.key-not-listed",
      explanation: "the chain's directory, as this node last knew it, does not list the next TLS key \(pin)",
      nextStep: "have the administrators list both keys, and let the node run until it knows (`roadbed observer list`, "
        + "`roadbed validator list`); --force takes the key all the same")
  }

  fileprivate static func noNextKey(_ path: String) -> CommandError {
    CommandError(
      code: "node.no-next-key", explanation: "\(path) does not exist, so there is no next TLS key",
      nextStep: "make it first: the same command without --take, and let the directory list it")
  }
}
