/// The threads of a running node.
struct NodeThreads: Sendable {
  let pool: VerifyPool
  let log: WorkerThread
  let syncServer: WorkerThread
  let snapshots: WorkerThread
  /// Nil if the log is not checked while the node runs.
  let scrub: WorkerThread?
  let keys: WorkerThread
  let signing: WorkerThread
  let replica: WorkerThread
  let reader: WorkerThread
  let diagnosis: WorkerThread
}
