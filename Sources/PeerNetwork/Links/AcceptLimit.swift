internal import NIOCore

/// Stops accepting while too many accepted connections are open. The `Acceptor` ends those that have not proved who
/// they are, but ending one takes time, and strangers may arrive faster.
final class AcceptLimit: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never
  typealias OutboundOut = Never

  private let limit: () -> Int
  private var open = 0
  private var isReadHeld = false

  /// - Parameter limit: how many may be open now; more peers need more. A greater one takes effect when the next connection
  ///   closes.
  init(_ limit: @escaping () -> Int) { self.limit = limit }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    open += 1
    let this = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).whenComplete { _ in
      this.value.handler.closed(this.value.context)
    }
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    if open < limit() { context.read() } else { isReadHeld = true }
  }

  private func closed(_ context: ChannelHandlerContext) {
    open -= 1
    guard isReadHeld, open < limit() else { return }
    isReadHeld = false
    context.read()
  }
}
