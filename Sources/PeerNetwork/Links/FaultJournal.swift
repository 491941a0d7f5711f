internal import Logging
internal import NIOCore
internal import Primitives
internal import Synchronization

/// Counts and logs faults. Strangers cannot fill the log: beyond a few lines in ten seconds, their faults are only
/// counted. A repeated fault of a peer, for example one that is down, is logged once.
final class FaultJournal: Sendable {
  private static let strangerLines = 10
  private static let strangerWindow = TimeAmount.seconds(10)

  private struct State {
    var counts: [String: UInt64] = [:]
    var lastStranger: LinkFault?
    var windowEnd = NIODeadline.uptimeNanoseconds(0)
    var linesInWindow = 0
    var suppressed = 0
  }

  let logger: Logger
  private let state = Mutex(State())

  init(_ logger: Logger) { self.logger = logger }

  /// Records a fault of a connection that belongs to no known peer.
  func stranger(_ fault: LinkFault, at address: String) {
    let (shown, suppressed) = state.withLock { state -> (Bool, Int) in
      state.counts[fault.code, default: 0] += 1
      state.lastStranger = fault
      let now = NIODeadline.now()
      if now >= state.windowEnd {
        state.windowEnd = now + Self.strangerWindow
        state.linesInWindow = 0
      }
      guard state.linesInWindow < Self.strangerLines else {
        state.suppressed += 1
        return (false, 0)
      }
      state.linesInWindow += 1
      defer { state.suppressed = 0 }
      return (true, state.suppressed)
    }
    guard shown else { return }
    var metadata: Logger.Metadata = ["address": "\(address)", "code": "\(fault.code)"]
    if suppressed > 0 { metadata["suppressed"] = "\(suppressed)" }
    logger.warning("refused a connection: \(fault.explanation); \(fault.nextStep)", metadata: metadata)
  }

  /// Records a fault of a link with a known peer, or of an attempt to make one.
  func peer(_ peer: Peer, _ fault: LinkFault, wasOpen: Bool) {
    state.withLock { $0.counts[fault.code, default: 0] += 1 }
    let isNew = peer.note(fault)
    let level: Logger.Level =
      switch fault {
      case .stopping, .replaced: .info
      default: isNew || wasOpen ? .warning : .debug
      }
    logger.log(
      level: level, "\(wasOpen ? "link ended" : "no link"): \(fault.explanation); \(fault.nextStep)",
      metadata: metadata(peer, code: fault.code))
  }

  func opened(_ peer: Peer) {
    logger.info("link open", metadata: metadata(peer, code: nil))
  }

  private func metadata(_ peer: Peer, code: String?) -> Logger.Metadata {
    var metadata: Logger.Metadata = [
      "peer": "\(peer.description.name)", "index": "\(peer.id)", "address": "\(peer.description.address)",
    ]
    if let code { metadata["code"] = "\(code)" }
    return metadata
  }

  var faults: [PeerNetworkStatistics.FaultCount] {
    state.withLock { state in
      state.counts.map { PeerNetworkStatistics.FaultCount(code: $0.key, count: $0.value) }
    }.sorted { $0.code < $1.code }
  }

  var lastStranger: LinkFault? { state.withLock { $0.lastStranger } }
}
