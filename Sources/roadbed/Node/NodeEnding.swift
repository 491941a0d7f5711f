import Foundation
import Logging
import Node
import UnixSignals

/// What signals mean to a node's process, and how it ends although nobody reads what it says.
final class NodeEnding {
  /// Those that end a node cleanly. Of a terminal that is closed SIGHUP is the last word; else it asks for a new file of
  /// messages.
  let signals: [UnixSignal]
  private let writer: MessageWriter
  private let hangUp: (any DispatchSourceSignal)?
  private var early: [any DispatchSourceSignal] = []

  /// Milliseconds for the last messages.
  private static let lastMessagesLimit = 2000

  init(_ settings: NodeSettings, _ writer: MessageWriter, _ logger: Logger) {
    let endsWithTerminal = settings.logFile == nil && isatty(STDERR_FILENO) == 1
    signals = [.sigterm, .sigint] + (endsWithTerminal ? [.sighup] : [])
    self.writer = writer
    hangUp = endsWithTerminal ? nil : Self.reopen(writer, onHangUp: logger)
    early = [SIGTERM, SIGINT].map { Self.end(on: $0, writer, logger) }
  }

  /// From now on the services of the node look after signals.
  func startIsComplete() {
    for source in early { source.cancel() }
    early = []
  }

  /// Writes the last messages. Those that nobody reads do not keep the process from ending.
  func finish(_ status: Int32) {
    if !writer.close(within: Self.lastMessagesLimit) { Foundation.exit(status) }
  }

  /// Tells of an error, for a moment at most, and ends the process.
  static func report(_ error: any Error) -> Never {
    let told = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      ErrorReport.print(error)
      told.signal()
    }
    _ = told.wait(timeout: .now() + .milliseconds(lastMessagesLimit))
    Foundation.exit(ErrorReport.failure)
  }

  /// While the log is read or repaired there is nothing to finish: whatever was begun is made good by the next start, as after
  /// a loss of power.
  private static func end(on number: Int32, _ writer: MessageWriter, _ logger: Logger) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      logger.notice("stopping before the start was complete; the next start does all of it again")
      _ = writer.close(within: lastMessagesLimit)
      // Other threads may be at work on files: no handlers of theirs are run.
      _exit(EXIT_SUCCESS)
    }
    source.activate()
    return source
  }

  private static func reopen(_ writer: MessageWriter, onHangUp logger: Logger) -> any DispatchSourceSignal {
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
}
