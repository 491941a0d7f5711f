internal import Logging
internal import NIOCore
internal import Primitives
internal import Synchronization

/// Counts and logs faults. Nobody can fill the log: beyond a few lines in ten seconds about strangers, and about each peer,
/// faults are only counted. A repeated fault of a peer, for example one that is down, is logged once.
final class FaultJournal: Sendable {
  private struct State {
    var counts: [String: UInt64] = [:]
    var lastStranger: LinkFault?
    var strangers = LineBudget()
  }

  let logger: Logger
  private let state = Mutex(State())

  init(_ logger: Logger) { self.logger = logger }

  /// Records a fault of a connection that belongs to no known peer.
  func stranger(_ fault: LinkFault, at address: String) {
    let suppressed = state.withLock { state in
      state.counts[fault.code, default: 0] += 1
      state.lastStranger = fault
      return state.strangers.admit(at: .now())
    }
    guard let suppressed else { return }
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
      case .stopping, .replaced, .crossed, .removed, .keyRemoved: .info
      default: isNew || wasOpen ? .warning : .debug
      }
    guard level != .debug else {
      logger.debug("no link: \(fault.explanation)", metadata: metadata(peer, code: fault.code))
      return
    }
    log("\(wasOpen ? "link ended" : "no link"): \(fault.explanation); \(fault.nextStep)", level, peer, code: fault.code)
  }

  func opened(_ peer: Peer) { log("link open", .info, peer, code: nil) }

  private func log(_ text: String, _ level: Logger.Level, _ peer: Peer, code: String?) {
    guard let suppressed = peer.conduct.admitLine() else { return }
    var metadata = metadata(peer, code: code)
    if suppressed > 0 { metadata["suppressed"] = "\(suppressed)" }
    logger.log(level: level, "\(text)", metadata: metadata)
  }

  private func metadata(_ peer: Peer, code: String?) -> Logger.Metadata {
    var metadata: Logger.Metadata = [
      "peer": "\(peer.name)", "index": "\(peer.id)",
      "address": "\(peer.description.addresses.map(\.description).joined(separator: " "))",
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
