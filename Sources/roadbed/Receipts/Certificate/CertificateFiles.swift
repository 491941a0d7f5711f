import Ledger

/// The names of the two files, as the commands on a page have them: they are in one folder, whose place differs from reader
/// to reader.
struct CertificateFiles {
  let receipt: String
  let genesis: String

  /// Both parameters are the paths from which the files were read.
  init(receipt: String, genesis: String) {
    let names = [(receipt, "receipt.json"), (genesis, "genesis.json")].map { path, usual in
      path == "-" || path.hasPrefix("/dev/") ? usual : Paths.name(of: path)
    }
    // Two files of one name cannot be in one folder.
    let areDistinct = names[0] != names[1]
    self.receipt = areDistinct ? names[0] : receipt
    self.genesis = areDistinct ? names[1] : genesis
  }

  /// The arguments of both verifiers.
  func arguments(_ checkpoint: Checkpoint?) -> String {
    "\(Paths.quoted(receipt)) --genesis \(Paths.quoted(genesis))" + (checkpoint.map { " --checkpoint \($0)" } ?? "")
  }
}
