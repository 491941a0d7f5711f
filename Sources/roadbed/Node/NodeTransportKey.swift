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
      one, which is removed; restart the node, and have the directory list the new one alone.

      Examples:
        roadbed node transport-key --dir node
        roadbed node transport-key --dir node --take
      """)

  @Option(
    name: .customLong("dir"), help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Flag(help: "Use the next key from the next start on.")
  var take = false

  @OptionGroup var output: OutputOptions

  private struct Answer: Encodable {
    /// The pin of the key with which the node starts.
    var present: Digest
    /// That of the key beside it.
    var next: Digest?
  }

  func run() async throws {
    let settings = try NodeSettings.load(
      directory: directory, environment: NodeEnvironment.forNodes(ProcessInfo.processInfo.environment))
    let (key, certificate) = (settings.transportKeyFile, settings.transportCertificateFile)
    let (nextKey, nextCertificate) = (key + ".next", certificate + ".next")
    if take {
      guard Paths.exists(nextKey) else { throw CommandError.noNextKey(nextKey) }
      // The key goes last: whatever interrupts this, the same command ends it.
      if Paths.exists(nextCertificate) { try NodeTransportKey.move(nextCertificate, to: certificate) }
      try NodeTransportKey.move(nextKey, to: key)
      return try report(try TransportIdentity.read(certificate: certificate, key: key).pin, next: nil)
    }
    let present = try TransportIdentity.read(certificate: certificate, key: key)
    if !Paths.exists(nextKey) {
      try TransportIdentity.generate(name: "node").write(certificate: nextCertificate, key: nextKey)
    }
    try report(present.pin, next: try TransportIdentity.read(certificate: nextCertificate, key: nextKey).pin)
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

  private static func move(_ path: String, to place: String) throws(CommandError) {
    guard rename(path, place) == 0 else { throw .fileUnwritable(place, SystemReason.text(errno)) }
  }
}

extension CommandError {
  fileprivate static func noNextKey(_ path: String) -> CommandError {
    CommandError(
      code: "node.no-next-key", explanation: "\(path) does not exist, so there is no next TLS key",
      nextStep: "make it first: the same command without --take, and let the directory list it")
  }
}
