import ArgumentParser
import BlockLog
import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Logging
import Primitives
import Replica
import ServiceLifecycle
import Signers
import Tokens
import UnixSignals

struct SignerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signer",
    abstract: "Keep a key in a process of its own, which signs for a node or a member.",
    discussion: """
      Serves one key at a Unix socket that only the same user can open. With --role node the key is a vote key: the \
      process signs the votes of one node at a time (its setting signer.socket), keeps what it signed in --dir, and \
      refuses whatever contradicts that. With --role member it signs transactions, and prints each; give \
      unix:PATH where a command takes --key. It runs in the foreground; SIGTERM or Ctrl-C stops it cleanly.

      Examples:
        roadbed signer --genesis genesis.json --key keys/vote.pem --dir signer --socket signer/signer.sock
        roadbed signer --role member --genesis genesis.json --key bank-a.pem --dir signer-a --socket bank-a.sock
      """)

  @Option(
    help: ArgumentHelp("The genesis file of the chain.", valueName: "path"), completion: .file(extensions: ["json"]))
  var genesis: String

  @Option(help: ArgumentHelp("The key file.", valueName: "path"), completion: .file(extensions: ["pem"]))
  var key: String

  @Option(
    name: .customLong("dir"),
    help: ArgumentHelp("The signer's own directory, which is created if it is missing.", valueName: "dir"),
    completion: .directory)
  var directory: String

  @Option(help: ArgumentHelp("Where to listen.", valueName: "path"), completion: .file())
  var socket: String

  @Option(help: "What the key is for: node or member.")
  var role: SignerRoleArgument = .node

  @OptionGroup var passphrase: PassphraseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let genesis = try GenesisFile.read(genesis)
    try genesis.requireExecutedVersion()
    let disk = try FileDisk(path: directory)
    // Two signers with one key would each allow what the other forbids, so the key is locked as well as the directory.
    let directoryLock = try DirectoryLock(directory: directory)
    let keyLock = try KeyPlace.isToken(key) ? nil : VoteKeyFiles.lock(key)
    let log = SignerLog()
    let (desk, held) = try desk(genesis.chain, disk, log)
    let server = try SignerServer(path: socket, desk: desk, note: log.write)
    try announce(held, genesis)
    let silent = Logger(label: "signer") { _ in SwiftLogNoOpLogHandler() }
    try await ServiceGroup(
      services: [SignerService(server: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: silent
    ).run()
    _ = consume directoryLock
    _ = consume keyLock
    log.say("stopped")
  }

  private func desk(
    _ chain: ChainContext, _ disk: FileDisk, _ log: SignerLog
  ) throws -> (desk: any SignerDesk, key: PublicKey) {
    let passphrase = try passphrase.passphrase()
    switch role {
    case .member:
      let key = try KeyPlace.open(key, suite: chain.suite, passphrase: passphrase)
      return (TransactionDesk(key, chain: chain, note: log.write), key.publicKey)
    case .node:
      let store: any VoteKeyStore =
        KeyPlace.isToken(key)
        ? try TokenVoteKeys(TokenURI(key), chain: chain, pin: passphrase)
        : VoteKeyFiles(path: key, chain: chain, passphrase: passphrase)
      let held = try store.read()
      let (memory, isNew) = try SignerGuard.open(disk, chain: chain)
      if isNew { log.say("begins a new memory of what was signed, in \(directory)") }
      return (VoteDesk(store, held, memory: memory, chain: chain, note: log.write), held.current)
    }
  }

  private func announce(_ key: PublicKey, _ genesis: Genesis) throws {
    let answer = SignerAnnouncement(
      role: role.rawValue, key: key, genesis: genesis.digest, socket: Paths.absolute(socket))
    if output.json { return try Console.printJSON(answer) }
    Console.print("signing for a \(role.rawValue) of the chain \(genesis.chainName), at \(socket)")
    Console.print("  key      \(key)")
    Console.print("  genesis  \(genesis.digest)")
    switch role {
    case .node: Console.next("set signer.socket to \(Paths.absolute(socket)) in node.yaml, and start the node")
    case .member: Console.next("roadbed tx submit --key MEMBER=unix:\(socket) OPERATIONS.json")
    }
  }
}
