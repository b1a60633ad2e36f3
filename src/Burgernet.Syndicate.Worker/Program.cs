Console.WriteLine("syndicate");
