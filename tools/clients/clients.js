// Reads the emulator's account with one of the official npm clients, and prints
// what that client returned as JSON:
//
//   node clients.js CLIENT HOST:PORT ACCESS_KEY SECRET_KEY
//
// internal/emulator/clients_test.go compares it with what the emulator serves.
'use strict';

const [name, endpoint, accessKeyId, accessKeySecret] = process.argv.slice(2);
const dts = '2020-01-01';

// openApi uses one of the two generations of the current core.
function openApi(Client, Config, Params, OpenApiRequest, RuntimeOptions) {
  const client = new Client(new Config({ accessKeyId, accessKeySecret, endpoint, protocol: 'HTTP' }));
  return async (action, query) => {
    const params = new Params({
      action, version: dts, protocol: 'HTTP', pathname: '/', method: 'POST',
      authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json',
    });
    const response = await client.callApi(params, new OpenApiRequest({ query }), new RuntimeOptions({}));
    return response.body;
  };
}

const clients = {
  'openapi-client': () => {
    const { default: Client, Config, Params, OpenApiRequest } = require('@alicloud/openapi-client');
    const { RuntimeOptions } = require('@alicloud/tea-util');
    return openApi(Client, Config, Params, OpenApiRequest, RuntimeOptions);
  },
  'openapi-core': () => {
    const { default: Client, $OpenApiUtil } = require('@alicloud/openapi-core');
    const { RuntimeOptions } = require('@darabonba/typescript');
    return openApi(Client, $OpenApiUtil.Config, $OpenApiUtil.Params, $OpenApiUtil.OpenApiRequest, RuntimeOptions);
  },
  'pop-core': () => {
    const { RPCClient } = require('@alicloud/pop-core');
    // It takes a Code that it does not know for an error, and the Code of a subtask
    // is 01, 02, 03 or 04.
    const client = new RPCClient({ accessKeyId, accessKeySecret, endpoint: `http://${endpoint}`, apiVersion: dts, codes: ['01', '02', '03', '04'] });
    return (action, query) => client.request(action, query, { method: 'POST' });
  },
};

async function main() {
  if (name === 'sts20150401') {
    const { default: Sts } = require('@alicloud/sts20150401');
    const { $OpenApiUtil } = require('@alicloud/openapi-core');
    const client = new Sts(new $OpenApiUtil.Config({ accessKeyId, accessKeySecret, endpoint }));
    const { body } = await client.getCallerIdentity();
    return { arn: body.arn };
  }
  const request = clients[name]();
  const jobs = async (query) => (await request('DescribeDtsJobs', { RegionId: 'cn-hangzhou', ...query })).DtsJobList.map((job) => job.DtsJobId);
  const precheck = (id) => request('DescribePreCheckStatus', { RegionId: 'cn-hangzhou', DtsJobId: id, JobCode: '01' });
  const refusal = await precheck('nobody').then(() => ({}), (error) => error);
  return {
    first: await jobs({ PageSize: 20, PageNumber: 1 }),
    second: await jobs({ PageSize: 20, PageNumber: 2 }),
    filtered: await jobs({ Type: 'name', Params: '订单', PageSize: 50 }),
    state: (await precheck('failed')).State,
    detail: (await request('DescribeDtsJobDetail', { RegionId: 'cn-hangzhou', DtsJobId: 'k2fm11x9d8t12ab' })).DtsJobName,
    error: refusal.code,
  };
}

main().then(
  (result) => console.log(JSON.stringify(result)),
  (error) => { console.error(error); process.exit(1); },
);
