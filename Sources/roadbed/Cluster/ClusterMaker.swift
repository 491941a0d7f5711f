import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Node
import Primitives

/// Creates the directory of a cluster: keys, genesis, the nodes' directories and `cluster.json`.
struct ClusterMaker {
  let plan: ClusterPlan
  /// Where the directory is built. It is renamed when complete, so that a half-made cluster never has its final name.
  private let place: String

  init(_ plan: ClusterPlan) {
    self.plan = plan
    place = plan.directory + ".making"
  }

  func make() throws -> ClusterFile {
    try checkDirectory()
    if let port = PortCheck.firstBusy(plan.ports) { throw CommandError.portBusy(port, plan) }
    try Paths.makeDirectory(place)
    do {
      let file = try fill()
      // Replaces an empty directory, if there is one.
      guard rename(place, plan.directory) == 0 else {
        throw CommandError.fileUnwritable(plan.directory, SystemReason.text(errno))
      }
      return file
    } catch {
      try? FileManager.default.removeItem(atPath: place)
      throw error
    }
  }

  private func checkDirectory() throws(CommandError) {
    guard Paths.exists(plan.directory) else { return }
    guard Paths.isDirectory(plan.directory) else { throw .fileExists(plan.directory) }
    let contents = (try? FileManager.default.contentsOfDirectory(atPath: plan.directory)) ?? []
    guard contents.isEmpty else { throw .clusterDirectoryUsed(plan.directory) }
  }

  private func fill() throws -> ClusterFile {
    try Paths.makeDirectory(Paths.join(place, "keys"))
    var members: [GenesisMember] = []
    var keys: [ClusterMember] = []
    for text in ClusterPlan.demoMembers + (1...plan.nodes).map({ "operator\($0)" }) {
      let (name, publicKey) = try makeMemberKey(text)
      keys.append(ClusterMember(name: name, key: "keys/\(text).pem"))
      let isRegistry = text == ClusterPlan.registry
      guard isRegistry || !ClusterPlan.demoMembers.contains(text) else { continue }
      members.append(
        GenesisMember(
          name: name, description: isRegistry ? "Administers members and accounts" : "Runs a node",
          authority: MemberAuthority(
            roles: isRegistry ? .administrator : [], keys: [publicKey], threshold: 1)))
    }
    let validators = try (1...plan.nodes).map(makeValidator)
    let genesis = Genesis(
      chainName: plan.chainName, suite: plan.suite, timestamp: SystemClock.now,
      leaderTimeoutMilliseconds: plan.leaderTimeoutMilliseconds, administratorThreshold: 1, members: members,
      validators: validators)
    try genesis.validate()
    return try writeFiles(genesis, keys)
  }

  private func makeMemberKey(_ text: String) throws -> (Name, PublicKey) {
    guard let name = Name(text) else { preconditionFailure("\(text) is not a name") }
    let key = try PrivateKey.generate(plan.suite)
    try KeyFile.write(key, to: Paths.join(place, "keys/\(text).pem"))
    return (name, key.publicKey)
  }

  private func makeValidator(_ number: Int) throws -> GenesisValidator {
    guard let name = Name("node\(number)"), let member = Name("operator\(number)") else {
      preconditionFailure("node\(number) is not a name")
    }
    let directory = NodeDirectory(path: Paths.join(place, "\(name)"))
    let keys = try directory.makeKeys(suite: plan.suite, name: name)
    return GenesisValidator(
      name: name, member: member, voteKey: keys.voteKey, transportKey: keys.transportKey,
      address: "127.0.0.1:\(plan.peerPort(number))")
  }

  private func writeFiles(_ genesis: Genesis, _ keys: [ClusterMember]) throws -> ClusterFile {
    let genesisBytes = GenesisDocument.render(genesis)
    try TextFile.write(genesisBytes, to: Paths.join(place, "genesis.json"))
    var nodes: [ClusterNode] = []
    for (place, validator) in genesis.validators.enumerated() {
      let number = place + 1
      let directory = NodeDirectory(path: Paths.join(self.place, "\(validator.name)"))
      try directory.write(genesis: genesisBytes, settings: [.apiPort: "\(plan.apiPort(number))"])
      try NodeLog.found(in: directory.log, chain: genesis.chain, voteKey: validator.voteKey)
      nodes.append(
        ClusterNode(
          name: validator.name, directory: "\(validator.name)", peers: validator.address,
          api: "http://127.0.0.1:\(plan.apiPort(number))"))
    }
    let chain = ChainView(name: "\(genesis.chainName)", suite: genesis.suite, genesis: genesis.digest)
    let file = ClusterFile(chain: chain, genesis: "genesis.json", nodes: nodes, members: keys)
    try TextFile.write([UInt8](try AnswerCoding.encodePretty(file)), to: Paths.join(place, ClusterFile.name))
    return file
  }
}

extension CommandError {
  static func portBusy(_ port: Int, _ plan: ClusterPlan) -> CommandError {
    CommandError(
      code: "cluster.port-busy",
      explanation: "port \(port) of 127.0.0.1 is in use; the cluster needs \(plan.peerPort(1)) to "
        + "\(plan.peerPort(plan.nodes)) for peers and \(plan.apiPort(1)) to \(plan.apiPort(plan.nodes)) for the API",
      nextStep: "stop the program that uses it, or choose other ports with --base-port")
  }

  static func clusterDirectoryUsed(_ directory: String) -> CommandError {
    CommandError(
      code: "cluster.directory-used", explanation: "\(directory) is not empty, and its contents are not overwritten",
      nextStep: "choose another directory, or run the cluster that is there: roadbed cluster up --dir \(directory)")
  }
}
