import Foundation
import Logging
import Node
import Synchronization
import UnixSignals

/// Handles signals to a node's process, and ends the process even if nobody reads its messages.
final class NodeEnding: Sendable {
  /// The signals that end a node cleanly. SIGHUP is one of them if it means that the terminal closed; otherwise it asks
  /// the node to reopen its message file.
  let signals: [UnixSignal]
  private let writer: MessageWriter
  private let hangUp: Mutex<(any DispatchSourceSignal)?>
  /// What handles signals until the start is complete.
  private let early: Mutex<[any DispatchSourceSignal]>

  /// Milliseconds allowed for writing the last messages.
  private static let lastMessagesLimit = 2000

  init(_ settings: NodeSettings, _ writer: MessageWriter, _ logger: Logger) {
    let endsWithTerminal = settings.logFile == nil && isatty(STDERR_FILENO) == 1
    signals = [.sigterm, .sigint] + (endsWithTerminal ? [.sighup] : [])
    self.writer = writer
    hangUp = Mutex(endsWithTerminal ? nil : Self.reopen(writer, onHangUp: logger))
    early = Mutex([SIGTERM, SIGINT].map { Self.end(on: $0, writer, logger) })
  }

  /// From now on the node's services handle signals.
  func startIsComplete() {
    early.withLock { early in
      for source in early { source.cancel() }
      early = []
    }
  }

  /// Writes the last messages. If nobody reads them in time, ends the process with `status`.
  func finish(_ status: Int32) {
    if !writer.close(within: Self.lastMessagesLimit) { Foundation.exit(status) }
  }

  /// Reports an error and ends the process, even if the report cannot be written within a short time.
  static func report(_ error: any Error) -> Never {
    let told = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      ErrorReport.print(error)
      told.signal()
    }
    _ = told.wait(timeout: .now() + .milliseconds(lastMessagesLimit))
    Foundation.exit(ErrorReport.failure)
  }

  /// Ends the process on a signal without stopping anything in order. While the log is being read or repaired there is
  /// nothing to finish: the next start completes whatever was begun, as after a loss of power.
  private static func end(on number: Int32, _ writer: MessageWriter, _ logger: Logger) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      logger.notice("stopping before the start was complete; the next start does all of it again")
      _ = writer.close(within: lastMessagesLimit)
      // Other threads may be working on files, so no exit handlers are run.
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
        case .success(true): logger.notice("SIGHUP: messages continue in this file")
        case .success(false): logger.notice("SIGHUP: messages go to standard error; there is no log.file to reopen")
        case .failure(let error):
          logger.error(
            "SIGHUP: messages stay in the previous file: \(error.explanation)",
            metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
        }
      }
    }
    source.activate()
    return source
  }
}
