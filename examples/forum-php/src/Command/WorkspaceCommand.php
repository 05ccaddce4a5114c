<?php

declare(strict_types=1);

namespace App\Command;

use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\DependencyInjection\Attribute\Autowire;
use Symfony\Contracts\HttpClient\HttpClientInterface;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\UnderstudyClient;

#[AsCommand('forum:workspace', 'Makes a workspace at Understudy for the forum, with the operator’s key', hidden: true)]
final class WorkspaceCommand extends Command
{
    public function __construct(private readonly HttpClientInterface $http, #[Autowire('%env(UNDERSTUDY_URL)%')] private readonly string $url)
    {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->addArgument('file', InputArgument::REQUIRED, 'Where the workspace’s key goes. The operator’s key is in FORUM_OPERATOR_KEY.');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        try {
            $made = UnderstudyClient::create($this->url, (string) getenv('FORUM_OPERATOR_KEY'), http: $this->http)->workspaces()->create(['name' => 'Lantern Square']);
        } catch (UnderstudyException $failure) {
            $output->writeln(sprintf('<error>%s: %s</error>', $failure->errorCode(), $failure->problem->detail));

            return self::FAILURE;
        }
        touch($input->getArgument('file'));
        chmod($input->getArgument('file'), 0o600);
        file_put_contents($input->getArgument('file'), $made->key->secret->reveal());

        return self::SUCCESS;
    }
}
