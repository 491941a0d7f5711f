import ArgumentParser
import Ledger
import LedgerJSON
import Primitives

struct ClusterNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Create a cluster's directory: keys, genesis and one directory for each node.",
    discussion: """
      Node K listens for its peers on port P+K and serves its API on port P+100+K, all on 127.0.0.1. A cluster of 4 \
      nodes keeps going if one fails; one of 7, if two fail.

      Genesis contains the member registry, which administers the chain, and the members operator1… that run the nodes. \
      The keys directory also holds keys for bank-a, bank-b, mint and notary, which the sample story in Config/story \
      admits.

      Examples:
        roadbed cluster new --dir demo --nodes 4
        roadbed cluster new --dir gm --nodes 1 --suite sm2-sm3 --base-port 9000
      """)

  @Option(
    name: .customLong("dir"),
    help: ArgumentHelp("The directory to create. It must be empty or not exist.", valueName: "dir"),
    completion: .directory)
  var directory: String

  @Option(help: ArgumentHelp("The number of nodes, 1 to \(ClusterPlan.nodeLimit).", valueName: "n"))
  var nodes: Int

  @Option(help: "The hash and signature algorithms.")
  var suite = SuiteArgument(.p256SHA256)

  @Option(help: ArgumentHelp("The base port P, as described above.", valueName: "p"))
  var basePort = ClusterPlan.defaultBasePort

  @Option(help: ArgumentHelp("The chain's name. Default: demo.", valueName: "name"), transform: Name.argument)
  var chain: Name?

  @Option(help: ArgumentHelp("How long a view waits for its leader, 10 to 60000 ms.", valueName: "ms"))
  var leaderTimeout: UInt32 = 1000

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...ClusterPlan.nodeLimit).contains(nodes) else {
      throw ValidationError("--nodes is \(nodes); it must be 1 to \(ClusterPlan.nodeLimit).")
    }
    let highest = 65535 - ClusterPlan.apiPortOffset - nodes
    guard (1...highest).contains(basePort) else {
      throw ValidationError("--base-port is \(basePort); with \(nodes) nodes it must be 1 to \(highest).")
    }
    guard Limits.leaderTimeoutMilliseconds.contains(leaderTimeout) else {
      throw ValidationError("--leader-timeout is \(leaderTimeout); it must be 10 to 60000 ms.")
    }
  }

  func run() async throws {
    guard let chain = chain ?? Name("demo") else { preconditionFailure("demo is a name") }
    let plan = ClusterPlan(
      directory: Paths.absolute(directory), chainName: chain, suite: suite.suite, nodes: nodes, basePort: basePort,
      leaderTimeoutMilliseconds: leaderTimeout)
    try Paths.makeDirectory(Paths.directory(of: plan.directory))
    let file = try ClusterMaker(plan).make()
    Console.noteDone(
      "the cluster was created in \(directory)", next: "roadbed cluster up --dir \(Paths.quoted(directory))")
    if output.json { return try Console.printJSON(file) }
    Console.print(
      "created \(directory): the chain \(chain) with \(nodes) node\(nodes == 1 ? "" : "s"), \(suite.suite.name)")
    var sheet = Sheet()
    sheet.add("genesis", file.chain.genesis)
    sheet.add("peers", "\(file.nodes[0].peers) to \(file.nodes[nodes - 1].peers)")
    sheet.add("API", "\(file.nodes[0].api) to \(file.nodes[nodes - 1].api)")
    sheet.add("keys", file.members.map { "\($0.name)" }.joined(separator: ", "))
    sheet.print(indent: 2)
    Console.next("roadbed cluster up --dir \(Paths.quoted(directory))")
  }
}
