import ArgumentParser
import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Logging
import Metrics
import Node
import NodeAPI
import Primitives
import ServiceLifecycle
import UnixSignals

struct NodeStart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Run a node in the foreground.",
    discussion: """
      Reads node.yaml in the directory. Environment variables override it (api.port is ROADBED_API_PORT), and --set and \
      --api-port override both. SIGTERM or Ctrl-C stops the node cleanly, with everything on disk. Messages go to \
      standard error, or to log.file, which the node reopens on SIGHUP. The vote key's passphrase comes only from \
      ROADBED_VOTE_PASSPHRASE.

      Examples:
        roadbed node start --dir node
        roadbed node start --dir node --api-port 8080 --set log.level=debug --set log.format=json
      """)

  @Option(
    name: .customLong("dir"), help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(help: ArgumentHelp("The port of the HTTP API: overrides api.port.", valueName: "port"))
  var apiPort: Int?

  @Option(help: ArgumentHelp("A setting, as in node.yaml. Repeat for more.", valueName: "key=value"))
  var set: [String] = []

  private var overrides: [String: String] {
    get throws {
      var overrides: [String: String] = [:]
      for text in set {
        guard let sign = text.firstIndex(of: "=") else {
          throw ValidationError("--set is '\(text)'; it must be key=value, such as log.level=debug.")
        }
        overrides[String(text[..<sign])] = String(text[text.index(after: sign)...])
      }
      if let apiPort { overrides["api.port"] = "\(apiPort)" }
      return overrides
    }
  }

  func run() async throws {
    do {
      try await start()
    } catch {
      // Reports a wrong command line as any other command does.
      guard !(error is ValidationError) else { throw error }
      NodeEnding.report(error)
    }
  }

  private func start() async throws {
    // Only the settings determine what SIGHUP means.
    signal(SIGHUP, SIG_IGN)
    NodeAllocator.prepare()
    let environment = NodeEnvironment.forNodes(ProcessInfo.processInfo.environment)
    let settings = try NodeSettings.load(
      directory: directory, environment: environment, overrides: try overrides)
    let genesis = try GenesisFile.read(settings.genesisFile)
    // Checked before anything is repaired, since the directory may belong to another version of the program.
    try genesis.requireExecutedVersion()
    // Blocks must be later than genesis and not ahead of the clock, so this node could only wait silently.
    let drift = Limits.clockDriftMilliseconds
    guard genesis.timestamp <= SystemClock.now.advanced(byMilliseconds: drift) else {
      throw CommandError.clockBeforeGenesis(genesis.timestamp)
    }
    let writer = try NodeLogHandler.writer(settings)
    LoggingSystem.bootstrap { _ in NodeLogHandler(format: settings.logFormat, writer: writer) }
    var logger = Logger(label: "roadbed")
    logger.logLevel = settings.logLevel
    let ending = NodeEnding(settings, writer, logger)
    for variable in settings.unusedVariables {
      logger.warning("the environment variable \(variable) is not a setting of a node and is ignored")
    }
    switch SecretMemory.standing {
    case .locked: break
    case .notLocked, .none:
      logger.warning(
        "the memory of private keys cannot be locked, so that they may be written to a swap file",
        metadata: [
          "next": "allow \(SecretMemory.byteCount) bytes of locked memory: ulimit -l, or LimitMEMLOCK of systemd"
        ])
    }
    do {
      try await run(settings, genesis, logger, writer, ending)
    } catch {
      let detail = ErrorReport.detail(of: error)
      if settings.logFile != nil {
        logger.critical("\(detail.message)", metadata: ["code": "\(detail.code)", "next": "\(detail.nextStep)"])
      }
      ending.finish(ErrorReport.failure)
      throw error
    }
    ending.finish(EXIT_SUCCESS)
  }

  private func run(
    _ settings: NodeSettings, _ genesis: Genesis, _ logger: Logger, _ writer: MessageWriter, _ ending: NodeEnding
  ) async throws {
    let metrics = MetricsRegistry()
    MetricsSystem.bootstrap(metrics)

    // Done first, because the log, the snapshots and the index open files.
    let descriptors = try DescriptorBudget.secure(
      nodes: settings.expectedNodes(genesis), wanted: settings.apiConnections, logger: logger)
    let start = StartProgress()
    let api = APIServer(
      start: start, settings: settings, connections: descriptors.connections, metrics: metrics, logger: logger)
    let node = try NodeService(
      settings: settings, genesis: genesis, progress: start, logger: logger,
      droppedMessages: { writer.droppedCount }, ready: api.isListening
    ) { node in
      ending.startIsComplete()
      api.serve(node)
    }
    var quiet = logger
    quiet.logLevel = max(settings.logLevel, .warning)
    // The group stops services in reverse order, so the API stops first.
    try await ServiceGroup(
      services: [node, api], gracefulShutdownSignals: ending.signals, logger: quiet
    ).run()
  }
}

extension CommandError {
  static func clockBeforeGenesis(_ time: Timestamp) -> CommandError {
    CommandError(
      code: "node.clock-before-genesis",
      explanation: "this machine's clock says \(SystemClock.now.iso8601), but the chain begins at \(time.iso8601)",
      nextStep: "set the clock, or start the node after that time")
  }
}
