public import Foundation
internal import LedgerJSON
internal import Primitives
internal import Synchronization

/// A client for the nodes of one chain: submits transactions, waits for finality, and queries the ledger.
///
/// With several nodes, it uses one until that node fails or is busy, and then the next. It keeps connections open; call
/// `shutdown` when you are done with it. You may call it from many tasks concurrently.
///
/// An answer is only the node's word. A receipt carries the proof of the validators' signatures: see
/// `receipt(_:genesis:)`.
public final class LedgerClient: Sendable {
  /// The nodes' addresses, as requests use them.
  public let nodes: [String]
  public let configuration: ClientConfiguration
  private let transport: any ClientTransport
  private let preferred = Atomic<Int>(0)
  private let sleep: @Sendable (Duration) async throws -> Void

  /// A client of one node, whose API is at `node`, such as `http://127.0.0.1:7501`.
  public convenience init(
    node: URL, configuration: ClientConfiguration = ClientConfiguration()
  ) throws(ClientError) {
    try self.init(nodes: [node], configuration: configuration)
  }

  /// A client of several nodes.
  public convenience init(
    nodes: [URL], configuration: ClientConfiguration = ClientConfiguration()
  ) throws(ClientError) {
    try self.init(
      nodes: nodes, configuration: configuration, transport: HTTPTransport(configuration))
  }

  /// A client that uses another transport, which it shuts down along with itself. `sleep` pauses between attempts.
  public init(
    nodes: [URL], configuration: ClientConfiguration = ClientConfiguration(),
    transport: any ClientTransport,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) throws(ClientError) {
    if let token = configuration.token, !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
      throw .token
    }
    self.nodes = try NodeAddress.checked(nodes)
    self.configuration = configuration
    self.transport = transport
    self.sleep = sleep
  }

  /// Closes all connections. Do not use the client afterwards.
  public func shutdown() async { await transport.shutdown() }

  /// Calls `body` with a client, and shuts the client down afterwards.
  public static func with<Value>(
    nodes: [URL], configuration: ClientConfiguration = ClientConfiguration(),
    _ body: (LedgerClient) async throws -> Value
  ) async throws -> Value {
    let client = try LedgerClient(nodes: nodes, configuration: configuration)
    do {
      let value = try await body(client)
      await client.shutdown()
      return value
    } catch {
      await client.shutdown()
      throw error
    }
  }

  // MARK: One request

  /// Sends a request until a node gives an answer other than that it is busy. Skips nodes that cannot be reached or do
  /// not serve, and throws if none is left.
  func send(_ call: Call) async throws(ClientError) -> Answer {
    var faults: [NodeFault] = []
    return try await send(call, &faults)
  }

  /// Sends a request, and records in `faults` the last fault of each node that gave no answer.
  func send(_ call: Call, _ faults: inout [NodeFault]) async throws(ClientError) -> Answer {
    var index = preferred.load(ordering: .relaxed)
    var refusal: ClientError?
    var passed = 0
    var attempts = 0
    while passed < nodes.count {
      let node = nodes[index]
      if let answer = try await answer(call, from: node, &faults) {
        attempts += 1
        guard answer.isBusy, !call.takesBusy else {
          preferred.store(index, ordering: .relaxed)
          return answer
        }
        if answer.isToBeRepeated {
          passed = 0
          try await putOff(answer, attempts)
        } else {
          passed += 1
          refusal = answer.refusal
        }
      } else {
        passed += 1
      }
      index = (index + 1) % nodes.count
    }
    throw refusal ?? .unreachable(faults)
  }

  /// Returns one node's answer, or records the fault and returns nil.
  private func answer(
    _ call: Call, from node: String, _ faults: inout [NodeFault]
  ) async throws(ClientError) -> Answer? {
    let request = ClientRequest(
      method: call.method, url: node + call.target, contentType: call.contentType,
      accept: call.accept, body: call.body, token: configuration.token,
      timeout: configuration.answerTimeout + call.wait,
      answerBytes: configuration.answerBytes)
    do throws(TransportFault) {
      return Answer(node: node, response: try await transport.send(request))
    } catch .cancelled {
      throw .cancelled
    } catch {
      faults.removeAll { $0.node == node }
      faults.append(NodeFault(node: node, fault: error))
      return nil
    }
  }

  /// Waits as long as a busy node asks, or throws `busy` when no attempts are left.
  private func putOff(_ answer: Answer, _ attempts: Int) async throws(ClientError) {
    let asked = answer.retryAfter
    guard
      let time = configuration.retries.pause(
        after: attempts, asked: asked, spread: .random(in: 0...1))
    else {
      throw .busy(node: answer.node, attempts: attempts, answer.detail ?? .busy)
    }
    try await pause(time)
  }

  func pause(_ duration: Duration) async throws(ClientError) {
    do {
      try await sleep(duration)
    } catch {
      throw .cancelled
    }
  }
}
