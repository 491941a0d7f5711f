import ArgumentParser
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
      Reads node.yaml in the directory; environment variables (api.port is ROADBED_API_PORT) are stronger, and --set \
      and --api-port are stronger than these. SIGTERM or Ctrl-C ends the node cleanly: everything is on disk when it \
      is gone. Messages go to standard error, or to log.file, which SIGHUP opens again. The vote key's passphrase comes from ROADBED_VOTE_PASSPHRASE only.

      Examples:
        roadbed node start --dir node
        roadbed node start --dir node --api-port 8080 --set log.level=debug --set log.format=json
      """)

  @Option(
    name: .customLong("dir"), help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(help: ArgumentHelp("The port of the HTTP API; api.port.", valueName: "port"))
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
    NodeAllocator.prepare()
    let environment = NodeEnvironment.forNodes(ProcessInfo.processInfo.environment)
    let settings = try NodeSettings.load(
      directory: directory, environment: environment, overrides: try overrides)
    let genesis = try GenesisFile.read(settings.genesisFile)
    // Before anything is mended in a directory that another version of the program goes on with.
    try genesis.requireCurrentVersion()
    // Blocks are later than genesis and not ahead of the clock: such a node could only wait, without a word.
    let drift = Limits.clockDriftMilliseconds
    guard genesis.timestamp <= SystemClock.now.advanced(byMilliseconds: drift) else {
      throw CommandError.clockBeforeGenesis(genesis.timestamp)
    }
    let writer = try NodeLogHandler.writer(settings)
    LoggingSystem.bootstrap { _ in NodeLogHandler(format: settings.logFormat, writer: writer) }
    var logger = Logger(label: "roadbed")
    logger.logLevel = settings.logLevel
    // Of a terminal that is closed SIGHUP is the last word; else it asks for a new file of messages.
    let endsWithTerminal = settings.logFile == nil && isatty(STDERR_FILENO) == 1
    let hangUp = endsWithTerminal ? nil : Self.reopen(writer, onHangUp: logger)
    defer { hangUp?.cancel() }
    for variable in settings.unusedVariables {
      logger.warning("the variable \(variable) is no setting of a node and is not used")
    }
    do {
      try await run(settings, genesis, logger, endsOn: [.sigterm, .sigint] + (endsWithTerminal ? [.sighup] : []))
    } catch {
      let detail = ErrorReport.detail(of: error)
      if settings.logFile != nil {
        logger.critical("\(detail.message)", metadata: ["code": "\(detail.code)", "next": "\(detail.nextStep)"])
      }
      Self.finish(writer, ErrorReport.failure)
      throw error
    }
    Self.finish(writer, EXIT_SUCCESS)
  }

  /// Milliseconds for the last messages.
  private static let lastMessagesLimit = 2000

  /// Messages that nobody reads do not keep the node from ending.
  private static func finish(_ writer: MessageWriter, _ status: Int32) {
    if !writer.close(within: lastMessagesLimit) { Foundation.exit(status) }
  }

  private static func reopen(_ writer: MessageWriter, onHangUp logger: Logger) -> any DispatchSourceSignal {
    signal(SIGHUP, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
    source.setEventHandler {
      writer.reopen { result in
        switch result {
        case .success(true): logger.notice("SIGHUP: messages go on in this file")
        case .success(false): logger.notice("SIGHUP: messages go to standard error, there is no log.file to open again")
        case .failure(let error):
          logger.error(
            "SIGHUP: messages stay in the file before: \(error.explanation)",
            metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
        }
      }
    }
    source.activate()
    return source
  }

  private func run(
    _ settings: NodeSettings, _ genesis: Genesis, _ logger: Logger, endsOn signals: [UnixSignal]
  ) async throws {
    let metrics = MetricsRegistry()
    MetricsSystem.bootstrap(metrics)

    // First of all: log, snapshots and index open files.
    let descriptors = try DescriptorBudget.secure(
      validators: genesis.validators.count, wanted: settings.apiConnections, logger: logger)
    try await StartMending.run(settings: settings, genesis: genesis, logger: logger)
    let node = try RoadbedNode(settings: settings, genesis: genesis, logger: logger)
    let api = APIServer(
      node: node, host: settings.apiListen.host, port: settings.apiListen.port, connections: descriptors.connections,
      metrics: metrics, logger: logger
    ) { [logger] port in
      logger.notice("answering at http://\(Endpoint(host: settings.apiListen.host, port: port))/v1/status")
    }
    var quiet = logger
    quiet.logLevel = max(settings.logLevel, .warning)
    // In this order: the API goes first when the node stops.
    try await ServiceGroup(
      services: [node, api], gracefulShutdownSignals: signals, logger: quiet
    ).run()
  }
}

extension CommandError {
  static func clockBeforeGenesis(_ time: Timestamp) -> CommandError {
    CommandError(
      code: "node.clock-before-genesis",
      explanation: "this machine's clock says \(SystemClock.now.iso8601), and the chain begins at \(time.iso8601)",
      nextStep: "set the clock, or start the node when the time has come")
  }
}
