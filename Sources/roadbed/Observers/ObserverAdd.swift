import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct ObserverAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a node to the chain's directory, or change how a node is reached and recognised.",
    discussion: """
      The administrators sign. `roadbed node init` prints this command on the machine of a new node. For a node that the \
      directory has, also a validator, an option that you omit leaves that part as it is; its member cannot change.

      To change a node's TLS key without a gap, first give the old pin and the new one, then restart the node with the new \
      key, and then give the new pin alone. A change that leaves none of the pins is refused without --force, because a chain \
      that needs the node could not take it back.

      Example:
        roadbed observer add node5 --operator registry --transport-key 5c…91 --address 127.0.0.1:7405 --dir demo \
          --key registry --wait
      """)

  @Argument(help: "The node's name.", transform: Name.argument)
  var name: Name

  @Option(
    name: .customLong("operator"), help: ArgumentHelp("The member that runs it.", valueName: "member"),
    transform: Name.argument)
  var operatingMember: Name?

  @Option(
    help: ArgumentHelp("The pin of its TLS key. Repeat once while it changes the key.", valueName: "pin"),
    transform: Digest.argument)
  var transportKey: [Digest] = []

  @Option(
    help: ArgumentHelp(
      "Where its peers reach it. Repeat for up to \(Limits.nodeAddresses), in the order in which to try them.",
      valueName: "host:port"))
  var address: [String] = []

  @Flag(
    help: "Also if no TLS key that the directory lists for the node stays: the others then drop their links with it.")
  var force = false

  @OptionGroup var submission: SubmissionOptions

  func validate() throws {
    guard transportKey.count <= Limits.nodePins, Set(transportKey).count == transportKey.count else {
      throw ValidationError("Give one --transport-key, or two different ones.")
    }
    guard address.count <= Limits.nodeAddresses, Set(address).count == address.count else {
      throw ValidationError("Give at most \(Limits.nodeAddresses) different addresses.")
    }
    if let wrong = address.first(where: { !DirectoryEntry.isAddress($0) }) {
      throw ValidationError("--address is '\(wrong)'; it must be host:port, with a port from 1 to 65535.")
    }
  }

  func run() async throws {
    try await submission.run { client, _ in
      let known = try await entry(client)
      guard let member = operatingMember ?? known?.member else { throw CommandError.incomplete(name, "--operator") }
      let pins = transportKey.isEmpty ? known?.pins ?? [] : transportKey
      guard !pins.isEmpty else { throw CommandError.incomplete(name, "--transport-key") }
      if let known, !force, Set(known.pins).isDisjoint(with: pins) { throw CommandError.otherPins(name, known.pins) }
      let addresses = address.isEmpty ? known?.addresses ?? [] : address
      guard !addresses.isEmpty else { throw CommandError.incomplete(name, "--address") }
      return [.directorySet(name: name, member: member, pins: pins, addresses: addresses)]
    }
  }

  /// What the directory has under the name; nil if nothing.
  private func entry(_ client: LedgerClient) async throws -> DirectoryEntry? {
    if let node = try await client.observers().items.first(where: { $0.name == name }) {
      return DirectoryEntry(name: name, member: node.member, pins: node.transportKeys, addresses: node.addresses)
    }
    return try await client.validators().items.first { $0.name == name }.map {
      DirectoryEntry(name: name, member: $0.member, pins: $0.transportKeys, addresses: $0.addresses)
    }
  }
}

extension CommandError {
  fileprivate static func otherPins(_ name: Name, _ listed: [Digest]) -> CommandError {
    CommandError(
      code: "directory.other-pins",
      explanation: "the directory has \(name) already, and none of its TLS keys stays: "
        + listed.map { "\($0)" }.joined(separator: ", ") + "; the others would drop their links with it at once",
      nextStep:
        "if it is another node, give it another name; to change the key, first give the old pin and the new one; if "
        + "the old key is lost, add --force")
  }

  fileprivate static func incomplete(_ name: Name, _ option: String) -> CommandError {
    CommandError(
      code: "directory.incomplete", explanation: "the directory has no node \(name) yet, and \(option) is missing",
      nextStep: "give --operator, --transport-key and --address, as `roadbed node init` printed them on its machine")
  }
}
