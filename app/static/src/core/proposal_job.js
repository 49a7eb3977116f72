/** Whether a job, whoever named it, looked for proposals to re-balance this plan. */
export function isProposalJob(job, planId) {
  return job.kind === 'rebalance' && job.parameters.plan === planId;
}
