import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProposalJob } from '../../app/static/src/core/proposal_job.js';

test('only a job that re-balances this plan is shown on its page', () => {
  assert.equal(isProposalJob({ kind: 'rebalance', parameters: { plan: 7 } }, 7), true);
  assert.equal(isProposalJob({ kind: 'rebalance', parameters: { plan: 8 } }, 7), false);
  assert.equal(isProposalJob({ kind: 'split', parameters: { target: 300 } }, 7), false);
});
