import Ledger
import Primitives

extension EnglishWords {
  func remark(_ remark: CertificateRemark) -> Phrase {
    switch remark {
    case .final(let chain, true):
      "On the chain \(value: chain), the following transaction is final, and it was applied: all of it took effect."
    case .final(let chain, false):
      "On the chain \(value: chain), the following transaction is final, but it was not applied: it changed nothing."
    case .quorum(let signed, let validators, let epoch, let faults):
      """
      Of the \(count(validators, "validator", "validators")) of epoch \(value: epoch), \(value: signed) vouch for its block and \
      its outcome with their signatures. That is a quorum: neither can be replaced as long as \(breakers(faults)) the rules \
      of the protocol.
      """
    case .operations(let count):
      """
      The transaction consists of \(self.count(count, "operation", "operations")). Either all operations of a transaction \
      are applied or none.
      """
    case .listedOperations(let limit, let count, let failed, let transaction):
      """
      Only the first \(value: limit) operations are listed\(also(failed)). All \(value: count) are in the receipt file, and the \
      transaction id \(code: transaction) is a digest of all of them.
      """
    case .smallestUnits:
      """
      A receipt does not prove how many decimals an asset has, unless the same transaction defines it. So amounts are \
      given in the smallest units of the asset. \(code: "roadbed proof get asset") fetches a proof of the decimals.
      """
    case .signatures:
      """
      The quorum vouches that these signatures were valid, under keys that the members had at that height. The receipt \
      does not contain what is needed to check that again.
      """
    case .clock(let seconds):
      """
      The validator that proposed the block set its time. A validator votes for no block whose time is not later than that \
      of the block before it, or is more than \(value: seconds) seconds ahead of the validator's own clock.
      """
    case .votes(let signed, let validators, let quorum):
      "\(value: signed) of \(count(validators, "validator", "validators")) signed; a quorum is \(value: quorum)."
    case .exactQuorum:
      """
      The receipt contains exactly as many signatures of validators as a quorum needs. That a validator is not among them \
      does not mean that it disagreed.
      """
    case .confirmedAbove(let height, let blocks):
      """
      What they signed is block \(value: height), which lies \(count(blocks, "block", "blocks")) above that of the transaction. \
      Each block names the one before it and the result of that one, so their signatures cover this block and its result \
      as well.
      """
    case .firstEpoch: "The genesis file itself names the validators that confirmed the block."
    case .epochs:
      "Validators change from epoch to epoch. The validators of each epoch signed who those of the next one are."
    case .passed(let epoch, let height, let signatures?):
      """
      Epoch \(value: epoch) ended with block \(value: height), as \(count(signatures, "signature", "signatures")) of its validators \
      confirm.
      """
    case .passed(let epoch, let height, nil):
      "Epoch \(value: epoch) ended with block \(value: height), as the checkpoint confirms."
    case .listedEpochs(let limit, let count):
      "Only the last \(value: limit) of \(value: count) epochs are listed. All are in the receipt file."
    case .checkpointUsed(let checkpoint, let unused):
      """
      The verification began with the checkpoint \(code: checkpoint), which came from another source than the receipt. \
      \(count(unused, "earlier closing was", "earlier closings were")) not relied on.
      """
    case .olderThanCheckpoint(let checkpoint):
      """
      The receipt is of an epoch before the checkpoint \(code: checkpoint), so it rests on keys that may have leaked \
      since. Ask for a receipt of a later epoch, or for another proof of its age.
      """
    case .offline:
      """
      Whoever has these two files can verify everything on this page without a node, without a network, and without \
      trusting the person who handed them over. Obtain the genesis file from the members of the chain, and compare its \
      digest with this page.
      """
    case .programs: "Put both files into one folder, and type these commands there:"
    case .firstProgram: "The program \(code: "roadbed"), which also made this page:"
    case .secondProgram(let source, let folder):
      """
      The second verifier, in \(code: "Python"), which shares no code with the first. \(code: source) stands for the folder of \
      Roadbed's source code, in which it is \(code: folder):
      """
    case .programsAgree:
      "Each must end with the exit status \(value: 0) and show the facts that stand on this page."
    case .byHand(let hash, let signature, let suiteByte):
      """
      The document named at each step is in the folder \(code: "Documentation") of the source code; it gives every field \
      byte by byte. The hash function is \(code: hash), the signature algorithm \(code: signature), and the suite byte \
      \(code: suiteByte).
      """
    case .noProof:
      """
      This page is for people and proves nothing by itself: the receipt file does. Keep that file and the genesis file as \
      long as you need the proof.
      """
    case .made(let version, nil):
      """
      \(code: "roadbed \(version)") made this page after it had verified the receipt with the genesis file. It makes no page \
      of a receipt that does not verify.
      """
    case .made(let version, let checkpoint?):
      """
      \(code: "roadbed \(version)") made this page after it had verified the receipt with the genesis file and the \
      checkpoint \(code: checkpoint). It makes no page of a receipt that does not verify.
      """
    }
  }

  private func breakers(_ faults: Int) -> Phrase {
    faults == 0
      ? "none of them breaks" : "no more than \(value: faults) of them \(words: faults == 1 ? "breaks" : "break")"
  }

  private func also(_ failed: Int?) -> Phrase {
    guard let failed else { return Phrase() }
    return ", and number \(value: failed + 1), which failed"
  }

  func step(_ step: CertificateStep) -> Phrase {
    switch step {
    case .genesis:
      """
      Hash the tag \(code: Domain.genesis.rawValue), the suite byte and the bytes of the genesis. You get the genesis digest, \
      which the transaction and every header name.
      """
    case .transaction:
      """
      Hash the tag \(code: Domain.transactionIdentity.rawValue), the suite byte and the bytes of the transaction without its \
      signatures. You get the transaction id.
      """
    case .transactionTree(let index, let leaves, let path):
      """
      Hash a zero byte and the signed transaction. You get its leaf. With index \(value: index), \
      \(count(Int(leaves), "leaf", "leaves")) in all and the first path, of \(count(path, "digest", "digests")), it leads to \
      the transaction root in the header.
      """
    case .block:
      """
      Hash the tag \(code: Domain.blockHeader.rawValue), the suite byte and the header, which contains height, time and the \
      following digests. You get the digest of the block.
      """
    case .outcomeTree(let index, let leaves, let path):
      """
      Hash a zero byte, the transaction id and the outcome bytes. You get the outcome's leaf. With index \(value: index), \
      \(count(Int(leaves), "leaf", "leaves")) in all and the second path, of \(count(path, "digest", "digests")), it leads to \
      the outcome root in the result.
      """
    case .result(let tag):
      """
      Hash the tag \(code: tag.rawValue), the suite byte and the result, which contains the height, the block and the \
      following digests. You get the digest of the result.
      """
    case .descent(let headers):
      """
      Hash \(count(headers, "further header", "further headers")) like the first one. Each names the block before it as \
      its parent, and the first of them names the result as well. You get the confirmed block.
      """
    case .closings(let count):
      """
      Verify \(self.count(count, "closing", "closings")), beginning with the validators in the genesis file or with the \
      checkpoint. You get the validators of the epoch below, with their vote keys.
      """
    case .finalization(let signatures):
      """
      Join the tag \(code: Domain.finalize.rawValue), the suite byte, the genesis digest and the following fields. Under \
      these bytes, \(count(signatures, "signature", "signatures")) of the receipt's certificate must be valid, each with the vote key \
      of the validator that signed.
      """
    }
  }
}
